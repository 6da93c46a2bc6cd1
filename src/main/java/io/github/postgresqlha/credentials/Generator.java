package io.github.postgresqlha.credentials;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.ExternalSecretSpec;

/** Passwords that External Secrets makes itself: a Secret a role, so that a further role changes none of the others. */
final class Generator {

    private Generator() {}

    static boolean isUsed(Installation installation) {
        return installation
                .spec()
                .credentials()
                .externalSecret()
                .flatMap(ExternalSecretSpec::passwordGenerator)
                .isPresent();
    }

    /** Kubernetes' names have no underscore. */
    static String secret(Installation installation, String role) {
        return installation.names().name() + "-" + role.replace('_', '-') + "-password";
    }
}
