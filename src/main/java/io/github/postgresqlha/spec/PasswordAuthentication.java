package io.github.postgresqlha.spec;

/**
 * How passwords are stored and checked.
 *
 * @see <a href="https://www.postgresql.org/docs/18/auth-password.html">Password authentication</a>
 */
public enum PasswordAuthentication {
    /** By a verifier from which no password can be had. */
    SCRAM_SHA_256("scram-sha-256"),
    /** By a hash that serves as a password itself to whoever has it; deprecated since PostgreSQL 18. */
    MD5("md5");

    private final String value;

    PasswordAuthentication(String value) {
        this.value = value;
    }

    /** As PostgreSQL spells it. */
    @Override
    public String toString() {
        return value;
    }
}
