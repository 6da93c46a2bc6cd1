package io.github.postgresqlha.credentials;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The Secret of the roles' passwords, one key a role. */
public final class PasswordSecret {

    private PasswordSecret() {}

    /** The keys that it must have. */
    public static List<String> keys(Installation installation) {
        return Stream.concat(
                        Stream.of(
                                "postgres",
                                installation.owner().value(),
                                "replicator",
                                "rewinder",
                                "monitor",
                                "backup"),
                        // not a role: who may ask Patroni's REST API for more than its state
                        installation.isAutomatic() ? Stream.of("patroni") : Stream.empty())
                .map(role -> role + "-password")
                .toList();
    }

    /**
     * The object, without values: to apply it again leaves those that were filled in. Empty where the specification says that
     * somebody else owns it.
     */
    public static Optional<Secret> of(Installation installation) {
        return installation.spec().credentials().existingSecret().isPresent()
                ? Optional.empty()
                : Optional.of(new SecretBuilder()
                        .withMetadata(installation.metadata(installation.secretName(), Component.CREDENTIALS))
                        .withType("Opaque")
                        .build());
    }
}
