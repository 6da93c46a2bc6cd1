package io.github.postgresqlha.credentials;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.postgresql.DatabaseRole;
import io.github.postgresqlha.spec.RoleSpec;
import java.util.List;
import java.util.stream.Stream;

/** The Secret of the roles' passwords, one key a role, or what makes it. */
public final class PasswordSecret {

    private static final String PATRONI = "patroni";

    /** The role as which the pooler asks for the verifier of who logs in. */
    public static final String POOLER = "pooler";

    private PasswordSecret() {}

    /** Whose passwords there have to be. */
    static List<String> roles(Installation installation) {
        // PATRONI is no role: who has it may ask Patroni's REST API for more than its state
        Stream<String> patroni = installation.isAutomatic() ? Stream.of(PATRONI) : Stream.empty();
        Stream<String> declared =
                installation.spec().roles().stream().filter(RoleSpec::login).map(RoleSpec::name);
        Stream<String> pooler = installation.spec().pooler().enabled() ? Stream.of(POOLER) : Stream.empty();
        return Stream.of(DatabaseRole.names(installation.owner()).stream(), pooler, patroni, declared)
                .flatMap(roles -> roles)
                .toList();
    }

    /** The keys that the installation's Secret must have. */
    public static List<String> keys(Installation installation) {
        return PasswordSource.all(installation).stream()
                .filter(source -> source.secret().equals(installation.secretName()))
                .map(PasswordSource::key)
                .toList();
    }

    /**
     * The objects, without values: to apply a Secret again leaves those that were filled in, and no GitOps
     * tool takes them away. None where the specification says that
     * somebody else owns it.
     */
    public static List<HasMetadata> of(Installation installation) {
        if (installation.spec().credentials().externalSecret().isPresent()) {
            return ExternalSecrets.of(installation);
        }
        return installation.spec().credentials().isGenerated()
                ? List.of(new SecretBuilder()
                        .withMetadata(installation.filled(
                                installation.metadata(installation.secretName(), Component.CREDENTIALS)))
                        .withType("Opaque")
                        .build())
                : List.of();
    }
}
