package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.immutables.value.Value;

/**
 * Passwords that the operator External Secrets brings into the cluster: from a store, or made by its own generator, which needs none.
 *
 * @see <a href="https://external-secrets.io/latest/api/externalsecret/">ExternalSecret</a>
 */
@Value.Immutable
@SpecStyle
public interface ExternalSecretSpec {

    /** How long External Secrets waits between two looks. */
    @Internal
    Pattern INTERVAL = Pattern.compile("0|([1-9][0-9]{0,4}(s|m|h))+");

    /** The store. Default: absent; then passwordGenerator has to be there. */
    @Key("Store that holds the passwords; it has to be there")
    Optional<SecretStoreRefSpec> secretStoreRef();

    /** The secret in the store that has a property {@code ROLE-password} a role. Default: absent; then each role is in remoteKeys. */
    @Key("Secret of the store with a property ROLE-password a role; absent: each role is in remoteKeys")
    Optional<String> remoteKey();

    /** Roles whose password the store has elsewhere. Default: none. */
    @Key("Roles whose password the store has elsewhere")
    List<RemoteKeySpec> remoteKeys();

    /** How often the store is asked, with its unit; {@code 0} is once. Default: {@code 1m}, so that a new password is used within two minutes. */
    @Key("How often the store is asked, as 1m or 1h; 0: once")
    default String refreshInterval() {
        return "1m";
    }

    /** Passwords that External Secrets makes itself, instead of a store. Default: absent. */
    @Key("Passwords that External Secrets makes itself, once, instead of a store")
    Optional<PasswordGeneratorSpec> passwordGenerator();

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("ExternalSecretSpec");
        violations.require(
                secretStoreRef().isPresent() != passwordGenerator().isPresent(),
                "",
                "must have secretStoreRef or passwordGenerator, got "
                        + (secretStoreRef().isPresent() ? "both" : "neither") + "; the passwords have one source");
        violations.require(
                passwordGenerator().isEmpty()
                        || (remoteKey().isEmpty() && remoteKeys().isEmpty()),
                "passwordGenerator",
                "asks no store, got remoteKey or remoteKeys beside it; leave those out");
        violations.require(
                remoteKey().stream().noneMatch(String::isBlank),
                "remoteKey",
                "must be the name of a secret in the store, got an empty one; write it like airflow/postgresql");
        violations.require(
                refreshInterval().length() <= 30
                        && INTERVAL.matcher(refreshInterval()).matches(),
                "refreshInterval",
                "must be a whole number with a unit s, m or h, or 0, got '" + refreshInterval()
                        + "'; write it like 1m");
        Set<String> roles = new HashSet<>();
        for (int i = 0; i < remoteKeys().size(); i++) {
            violations.require(
                    roles.add(remoteKeys().get(i).role()),
                    "remoteKeys[" + i + "].role",
                    "is named twice, got '" + remoteKeys().get(i).role() + "'; name it once");
        }
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link ExternalSecretSpec}. */
    class Builder extends ImmutableExternalSecretSpec.Builder {
        Builder() {}
    }
}
