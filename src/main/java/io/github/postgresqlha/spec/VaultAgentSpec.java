package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.SortedMap;
import org.immutables.value.Value;

/**
 * Passwords that the agent of Vault's injector writes into the pods, where the scripts read them. There is no Secret.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/platform/k8s/injector/annotations">Annotations of the injector</a>
 */
@Value.Immutable
@SpecStyle
public interface VaultAgentSpec {

    /** The role of Vault's Kubernetes authentication that both ServiceAccounts may use. Required. */
    @Key("Role of Vault's Kubernetes authentication, bound to the ServiceAccounts NAME-instance and NAME-jobs")
    String role();

    /** The secret with a property {@code ROLE-password} a role, as Vault's API has it: {@code secret/data/airflow/postgresql}. Required. */
    @Key("Secret of Vault with a property ROLE-password a role, as its API has it: secret/data/airflow/postgresql")
    String path();

    /** Where that authentication is mounted. Default: {@code auth/kubernetes}. */
    @Key("Where Vault's Kubernetes authentication is mounted")
    default String authPath() {
        return "auth/kubernetes";
    }

    /** Addresses of Vault as pods see it. Default: 0.0.0.0/0; narrow it. */
    @Key("Addresses of Vault (CIDR) that the pods may reach; narrow it")
    default String cidr() {
        return "0.0.0.0/0";
    }

    /** Vault's port. Default: 8200. */
    @Key("Port of Vault")
    default int port() {
        return 8200;
    }

    /** Further annotations of the injector, as that of Vault's address or its CA. Default: none. An error where one is no vault.hashicorp.com/…, or one of the product's. */
    @Key("Further annotations of the injector, as vault.hashicorp.com/service")
    @Value.NaturalOrder
    SortedMap<String, String> annotations();

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("VaultAgentSpec");
        words(violations, "role", role(), "[A-Za-z0-9._-]{1,128}", "airflow-postgresql");
        words(violations, "path", path(), "[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+", "secret/data/airflow/postgresql");
        words(violations, "authPath", authPath(), "[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*", "auth/kubernetes");
        violations.require(
                Cidr.matches(cidr()),
                "cidr",
                "is no range of addresses, got '" + cidr() + "'; write it like 10.0.0.1/32");
        violations.require(
                port() >= 1 && port() <= 65535, "port", "must be 1 to 65535, got " + port() + "; 8200 is Vault's own");
        annotations()
                .keySet()
                .forEach(key -> violations.require(
                        key.matches("vault\\.hashicorp\\.com/[a-z0-9.-]+")
                                && !key.matches(
                                        "vault\\.hashicorp\\.com/(role|auth-path|secret-volume-path|agent-(inject|run|pre-populate|service-account).*)"),
                        "annotations." + key,
                        "must be one of the injector's that the product does not set itself, got '" + key
                                + "'; leave it out"));
        violations.throwIfAny();
    }

    /** What is longer would be too deep for a pattern. */
    @Internal
    int LONGEST = 500;

    private static void words(Violations violations, String path, String value, String form, String example) {
        violations.require(
                value.length() <= LONGEST && value.matches(form),
                path,
                "must be of A-Z, a-z, 0-9, ., _, - and /, got '" + value + "'; write it like " + example);
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link VaultAgentSpec}. */
    class Builder extends ImmutableVaultAgentSpec.Builder {
        Builder() {}
    }
}
