package io.github.postgresqlha.spec;

import io.github.postgresqlha.postgresql.MandatoryParameters;
import io.github.postgresqlha.postgresql.MemorySize;
import io.github.postgresqlha.postgresql.OwnedParameters;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a configuration may say: no parameter that the product depends on, none twice, no value that PostgreSQL would refuse. */
final class ConfigurationRules {

    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)?");

    /** Parameters with a key of their own. */
    private static final Map<String, String> TYPED = Map.of(
            "max_connections", "maxConnections",
            "max_wal_senders", "maxWalSenders",
            "shared_buffers", "sharedBuffers",
            "effective_cache_size", "effectiveCacheSize",
            "work_mem", "workMem",
            "wal_buffers", "walBuffers",
            "checkpoint_completion_target", "checkpointCompletionTarget");

    private static final int AIRFLOW_CONNECTIONS = 20;

    private ConfigurationRules() {}

    static void check(ConfigurationSpec spec) {
        Violations violations = new Violations("ConfigurationSpec");
        connections(violations, spec);
        requireAtLeast(violations, "sharedBuffers", spec.sharedBuffers(), "16MB");
        requireAtLeast(violations, "workMem", spec.workMem(), "64kB");
        requireAtLeast(violations, "effectiveCacheSize", spec.effectiveCacheSize(), "8kB");
        violations.require(
                spec.checkpointCompletionTarget() >= 0 && spec.checkpointCompletionTarget() <= 1,
                "checkpointCompletionTarget",
                "must be 0 to 1, got " + spec.checkpointCompletionTarget() + "; 0.9 is PostgreSQL's own default");
        spec.parameters().forEach((name, value) -> checkParameter(violations, name, value));
        violations.throwIfAny();
    }

    /** Below it the server does not start. */
    private static void requireAtLeast(Violations violations, String path, Optional<MemorySize> given, String least) {
        given.ifPresent(size -> violations.require(
                size.bytes() >= MemorySize.of(least).bytes(),
                path,
                "must be at least " + least + ", got " + size + "; raise it"));
    }

    private static void connections(Violations violations, ConfigurationSpec spec) {
        int superusers = superuserConnections(spec.parameters());
        int least = AIRFLOW_CONNECTIONS + MandatoryParameters.RESERVED_CONNECTIONS + superusers;
        violations.require(
                spec.maxConnections() >= least && spec.maxConnections() <= 10_000,
                "maxConnections",
                "must be " + least + " to 10000 (" + AIRFLOW_CONNECTIONS + " that Airflow alone needs, "
                        + MandatoryParameters.RESERVED_CONNECTIONS
                        + " for the health check, other members and backups, " + superusers
                        + " for superusers), got " + spec.maxConnections() + "; set it to " + least + " or more");
    }

    static int superuserConnections(Map<String, String> parameters) {
        String value = parameters.getOrDefault("superuser_reserved_connections", "3");
        return value.matches("[0-9]{1,5}") ? Integer.parseInt(value) : 3;
    }

    private static void checkParameter(Violations violations, String name, String value) {
        String path = "parameters." + name;
        if (!NAME.matcher(name).matches()) {
            violations.require(
                    false,
                    path,
                    "is no parameter name, got '" + name + "'; write it as the manual does, in lower case");
        } else if (TYPED.containsKey(name)) {
            violations.require(
                    false, path, "has a key of its own, got '" + value + "'; use configuration." + TYPED.get(name));
        } else if (OwnedParameters.contains(name)) {
            // Such a value may hold a password, as that of primary_conninfo: it is not repeated.
            violations.require(false, path, "is set by the product itself; remove it");
        }
        violations.require(
                value.chars().noneMatch(Character::isISOControl),
                path,
                "must be one line without control characters; remove them");
    }
}
