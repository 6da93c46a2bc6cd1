package io.github.postgresqlha.postgresql;

import io.github.postgresqlha.spec.Violations;
import java.util.Map;
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

    private ConfigurationRules() {}

    static void check(ConfigurationSpec spec) {
        Violations violations = new Violations("ConfigurationSpec");
        violations.require(
                spec.maxConnections() >= 20 && spec.maxConnections() <= 10_000,
                "maxConnections",
                "must be 20 to 10000, got " + spec.maxConnections() + "; Airflow alone needs about 20");
        violations.require(
                spec.sharedBuffers().bytes() >= 16L << 20,
                "sharedBuffers",
                "must be at least 16MB, got " + spec.sharedBuffers() + "; raise it");
        violations.require(
                spec.checkpointCompletionTarget() >= 0 && spec.checkpointCompletionTarget() <= 1,
                "checkpointCompletionTarget",
                "must be 0 to 1, got " + spec.checkpointCompletionTarget() + "; 0.9 is PostgreSQL's own default");
        spec.parameters().forEach((name, value) -> checkParameter(violations, name, value));
        violations.throwIfAny();
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
            violations.require(false, path, "is set by the product itself, got '" + value + "'; remove it");
        }
        violations.require(
                value.chars().noneMatch(Character::isISOControl),
                path,
                "must be one line without control characters; remove them");
    }
}
