package io.github.postgresqlha.credentials;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.postgresql.DatabaseRole;
import io.github.postgresqlha.spec.CredentialKeySpec;
import java.util.List;
import java.util.Optional;

/**
 * The key of a Secret that holds a role's password.
 *
 * @param role whose it is; its file in the pods is named after it, whatever the key's name
 */
public record PasswordSource(String role, String secret, String key) {

    /** That of one role. */
    public static PasswordSource of(Installation installation, String role) {
        if (Generator.isUsed(installation)) {
            return new PasswordSource(role, Generator.secret(installation, role), DatabaseRole.secretKey(role));
        }
        Optional<CredentialKeySpec> given = installation.spec().credentials().keys().stream()
                .filter(key -> key.role().equals(role))
                .findFirst();
        return new PasswordSource(
                role,
                given.flatMap(CredentialKeySpec::secret).orElse(installation.secretName()),
                given.flatMap(CredentialKeySpec::key).orElse(DatabaseRole.secretKey(role)));
    }

    /** Those of all roles that the installation has, and of Patroni. */
    public static List<PasswordSource> all(Installation installation) {
        return PasswordSecret.roles(installation).stream()
                .map(role -> of(installation, role))
                .toList();
    }
}
