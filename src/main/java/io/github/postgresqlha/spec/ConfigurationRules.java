package io.github.postgresqlha.spec;

import io.github.postgresqlha.postgresql.KnownParameter;
import io.github.postgresqlha.postgresql.MandatoryParameters;
import io.github.postgresqlha.postgresql.MemorySize;
import io.github.postgresqlha.postgresql.OwnedParameters;
import io.github.postgresqlha.postgresql.ParameterCatalogue;
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

    /** PostgreSQL has less than 500, and its extensions a few more. */
    private static final int MOST_PARAMETERS = 1000;

    /** What PostgreSQL's superusers have by default. */
    private static final int SUPERUSERS = 3;

    private ConfigurationRules() {}

    static void check(ConfigurationSpec spec) {
        Violations violations = new Violations("ConfigurationSpec");
        connections(violations, spec);
        requireWithin(violations, "shared_buffers", spec.sharedBuffers(), "16MB", "8TB");
        requireWithin(violations, "work_mem", spec.workMem(), "64kB", "2TB");
        requireWithin(violations, "effective_cache_size", spec.effectiveCacheSize(), "8kB", "16TB");
        requireWithin(violations, "wal_buffers", Optional.of(spec.walBuffers()), "0kB", "2GB");
        violations.require(
                spec.checkpointCompletionTarget() >= 0 && spec.checkpointCompletionTarget() <= 1,
                "checkpointCompletionTarget",
                "must be 0 to 1, got " + spec.checkpointCompletionTarget() + "; 0.9 is PostgreSQL's own default");
        int count = spec.parameters().size();
        if (count <= MOST_PARAMETERS) {
            spec.parameters().forEach((name, value) -> checkParameter(violations, name, value));
        } else {
            violations.require(
                    false,
                    "parameters",
                    "must be at most " + MOST_PARAMETERS + ", got " + count + "; remove what PostgreSQL does not know");
        }
        violations.throwIfAny();
    }

    /** Below and above, the server does not start: it counts blocks or kilobytes in 31 bits. */
    private static void requireWithin(
            Violations violations, String parameter, Optional<MemorySize> given, String least, String above) {
        String path = TYPED.getOrDefault(parameter, parameter);
        given.ifPresent(size -> {
            boolean enough = size.bytes() >= MemorySize.of(least).bytes();
            violations.require(enough, path, "must be at least " + least + ", got " + size + "; raise it");
            violations.require(
                    !enough || ParameterCatalogue.takes(parameter, size.text()),
                    path,
                    "must be less than " + above + ", got " + size + "; lower it");
        });
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

    /** Of {@code max_connections}, as the server reads it; what it refuses is another rule's. */
    static int superuserConnections(Map<String, String> parameters) {
        String name = "superuser_reserved_connections";
        String value = parameters.getOrDefault(name, "");
        return ParameterCatalogue.takes(name, value)
                ? (int) ParameterCatalogue.amount(name, value).orElse(SUPERUSERS)
                : SUPERUSERS;
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
        boolean oneLine = value.chars().noneMatch(Character::isISOControl);
        violations.require(oneLine, path, "must be one line without control characters; remove them");
        ParameterCatalogue.find(name)
                .map(KnownParameter::type)
                .filter(type -> oneLine && !TYPED.containsKey(name) && !OwnedParameters.contains(name))
                .ifPresent(type -> violations.require(
                        type.takes(value),
                        path,
                        "must be " + type.described() + ", got '" + value
                                + "': the server would not start; write such a value"));
    }
}
