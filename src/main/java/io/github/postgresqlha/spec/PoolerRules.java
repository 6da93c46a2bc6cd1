package io.github.postgresqlha.spec;

import java.util.Set;

/** What a pooler asks of the rest of the specification. */
final class PoolerRules {

    /** The role as which PgBouncer asks for the verifier of who logs in; declared beside those of the specification. */
    private static final String ROLE = "pooler";

    /** PgBouncer's console, and where it asks for verifiers: entries beside those of the databases. */
    private static final Set<String> ENTRIES = Set.of("pgbouncer", "pooler_auth");

    private PoolerRules() {}

    static void check(PostgresqlHaSpec spec, Violations violations) {
        if (!spec.pooler().enabled()) {
            return;
        }
        violations.require(
                !spec.pooler().readOnly() || spec.standby().enabled(),
                "pooler.readOnly",
                "needs a standby, got true with standby.enabled false; enable the standby or set it to false");
        violations.require(
                !spec.databaseOwner().equals(ROLE),
                "databaseOwner",
                "is the role of the pooler, got '" + ROLE + "'; choose another, or disable the pooler");
        for (int i = 0; i < spec.roles().size(); i++) {
            violations.require(
                    !spec.roles().get(i).name().equals(ROLE),
                    "roles[" + i + "].name",
                    "is the role of the pooler, got '" + ROLE + "'; choose another, or disable the pooler");
        }
        database(spec.databaseName(), "databaseName", violations);
        for (int i = 0; i < spec.databases().size(); i++) {
            database(spec.databases().get(i).name(), "databases[" + i + "].name", violations);
        }
        connections(spec, violations);
    }

    private static void database(String name, String path, Violations violations) {
        violations.require(
                !ENTRIES.contains(name),
                path,
                "is a name of the pooler's own, got '" + name + "'; choose another, or disable the pooler");
    }

    private static void connections(PostgresqlHaSpec spec, Violations violations) {
        PoolerBudget budget = PoolerBudget.of(spec);
        int size = Math.max(1, PoolerBudget.size(spec));
        String remedy = budget.most() < 1
                ? "not even pools of 1 fit: raise configuration.maxConnections, or lower pooler.directConnections"
                : "lower it to " + budget.most()
                        + ", or raise configuration.maxConnections, or lower pooler.directConnections";
        violations.require(
                size <= budget.most(),
                "pooler.poolSize",
                "must fit into configuration.maxConnections, got " + size + ": " + budget.arithmetic(size) + "; "
                        + remedy);
    }
}
