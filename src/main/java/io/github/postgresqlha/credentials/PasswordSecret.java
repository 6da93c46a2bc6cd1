package io.github.postgresqlha.credentials;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.postgresql.DatabaseRole;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The Secret of the roles' passwords, one key a role. */
public final class PasswordSecret {

    private static final String PATRONI = "patroni";

    private PasswordSecret() {}

    /** The keys that it must have. */
    public static List<String> keys(Installation installation) {
        // PATRONI is no role: who has it may ask Patroni's REST API for more than its state
        Stream<String> patroni = installation.isAutomatic() ? Stream.of(PATRONI) : Stream.empty();
        return Stream.concat(DatabaseRole.names(installation.owner()).stream(), patroni)
                .map(DatabaseRole::secretKey)
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
