package io.github.postgresqlha.postgresql;

/**
 * What a server that offers TLS is told of it.
 *
 * @param directory holds {@code tls.crt}, {@code tls.key} and {@code ca.crt}
 * @param minProtocolVersion as {@code ssl_min_protocol_version} has it
 */
public record ServerTls(String directory, String minProtocolVersion) {

    ParameterSection parameters() {
        return ParameterSection.of("TLS")
                .add("ssl", "on", "offered; pg_hba.conf says who has to take it")
                .add("ssl_cert_file", directory + "/tls.crt", "checked copies, which the supervisor brings up to date")
                .add("ssl_key_file", directory + "/tls.key", "likewise")
                .add("ssl_ca_file", directory + "/ca.crt", "for clients that show a certificate")
                .add("ssl_min_protocol_version", minProtocolVersion, "as tls.minProtocolVersion says");
    }
}
