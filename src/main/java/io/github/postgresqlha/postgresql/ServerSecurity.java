package io.github.postgresqlha.postgresql;

import java.util.Optional;

/**
 * What a server is told of who gets in, and of what it logs of that.
 *
 * @param passwordEncryption {@code scram-sha-256} or {@code md5}
 * @param tls empty where TLS is not offered
 * @param audit which statements are logged
 */
public record ServerSecurity(String passwordEncryption, Optional<ServerTls> tls, Audit audit) {

    /** Without TLS and audit. */
    public static ServerSecurity of(String passwordEncryption) {
        return new ServerSecurity(passwordEncryption, Optional.empty(), Audit.OFF);
    }
}
