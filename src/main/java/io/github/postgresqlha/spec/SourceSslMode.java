package io.github.postgresqlha.spec;

/**
 * What a connection to the source of an import asks of TLS.
 *
 * @see <a href="https://www.postgresql.org/docs/17/libpq-ssl.html">SSL support</a>
 */
public enum SourceSslMode {
    /** None: the network between is yours alone. */
    DISABLE("disable"),
    /** It is encrypted, and nobody proves who it is. */
    REQUIRE("require"),
    /** The certificate is of the authority. */
    VERIFY_CA("verify-ca"),
    /** And it holds the host's name. */
    VERIFY_FULL("verify-full");

    private final String value;

    SourceSslMode(String value) {
        this.value = value;
    }

    /** Whether it needs the authority's certificate. */
    boolean verifies() {
        return this == VERIFY_CA || this == VERIFY_FULL;
    }

    /** As libpq spells it. */
    @Override
    public String toString() {
        return value;
    }
}
