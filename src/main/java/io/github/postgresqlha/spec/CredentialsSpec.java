package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.immutables.value.Value;

/**
 * Where the passwords come from: one of four ways. By default a Secret of the product's own, which the deploy script fills with random values. No
 * specification can hold a password.
 */
@Value.Immutable
@SpecStyle
public interface CredentialsSpec {

    /** A Secret of the namespace with a key {@code ROLE-password} a role, of which pods get no other keys. Default: absent, the product's own, which the deploy script fills. */
    @Key("Secret that holds a key ROLE-password a role; absent: NAME-secret, which the deploy script fills")
    Optional<String> existingSecret();

    /** Roles whose password is in another Secret, or under another key. Default: none. An error where a role is unknown or named twice. */
    @Key("Roles whose password is in another Secret or under another key than ROLE-password")
    List<CredentialKeySpec> keys();

    /** External Secrets makes the Secret, from a store or by its own generator. Default: absent. An error beside another way. */
    @Key("The operator External Secrets makes the Secret: from a store such as Vault, or by its own generator")
    Optional<ExternalSecretSpec> externalSecret();

    /** Vault's agent writes the passwords into the pods. Default: absent. An error beside another way. */
    @Key("Vault's agent injector writes the passwords into the pods, without any Secret")
    Optional<VaultAgentSpec> vaultAgent();

    /** Whether the product's own Secret is filled by the deploy script. */
    @Internal
    @Value.NonAttribute
    default boolean isGenerated() {
        return ways(this).isEmpty();
    }

    private static List<String> ways(CredentialsSpec spec) {
        return Stream.of(
                        spec.existingSecret().map(secret -> "existingSecret"),
                        spec.externalSecret().map(secret -> "externalSecret"),
                        spec.vaultAgent().map(agent -> "vaultAgent"))
                .flatMap(Optional::stream)
                .toList();
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("CredentialsSpec");
        violations.require(
                ways(this).size() <= 1,
                "",
                "must be one way, got " + ways(this) + "; keep one of them, the passwords have one source");
        violations.require(
                keys().isEmpty() || (externalSecret().isEmpty() && vaultAgent().isEmpty()),
                "keys",
                "names keys of Secrets, which " + ways(this) + " does not use; use the keys of that way");
        Set<String> roles = new HashSet<>();
        for (int i = 0; i < keys().size(); i++) {
            violations.require(
                    roles.add(keys().get(i).role()),
                    "keys[" + i + "].role",
                    "is named twice, got '" + keys().get(i).role() + "'; name it once");
        }
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link CredentialsSpec}. */
    class Builder extends ImmutableCredentialsSpec.Builder {
        Builder() {}
    }
}
