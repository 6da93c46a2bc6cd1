package io.github.postgresqlha.spec;

import java.util.ArrayList;
import java.util.List;

/** What Airflow and its database have to agree in. */
final class AirflowRules {

    /** The part of what is there from which on it is a warning. */
    private static final int WARNED_PERCENT = 90;

    private AirflowRules() {}

    static void check(PostgresqlHaSpec spec, Violations violations) {
        AirflowSpec airflow = spec.airflow();
        if (!airflow.enabled()) {
            return;
        }
        violations.require(
                airflow.version() != AirflowVersion.V3_0
                        || !spec.standby().enabled()
                        || spec.failover() == Failover.AUTOMATIC
                        || spec.pooler().enabled(),
                "airflow.version",
                "must not be 3.0 where failover is manual: its asynchronous connection takes one host name, and none leads to"
                        + " whichever member is primary; upgrade to 3.1, or set failover: automatic or pooler.enabled");
        airflow.reportingRole()
                .ifPresent(name -> violations.require(
                        spec.roles().stream().anyMatch(role -> canRead(role, name, spec)),
                        "airflow.reportingRole",
                        "must be a declared role that may log in and read " + spec.databaseName() + ", got '" + name
                                + "'; add {name: " + name + ", databases: {" + spec.databaseName()
                                + ": readOnly}} to roles"));
        AirflowBudget budget = AirflowBudget.of(airflow);
        if (spec.pooler().enabled()) {
            long clients = AirflowBudget.available(spec);
            violations.require(
                    budget.connections() <= clients,
                    "airflow.components",
                    "may open more connections than the pooler takes, " + budget.arithmetic() + ", got pooler.replicas "
                            + spec.pooler().replicas() + " x maxClientConnections "
                            + spec.pooler().maxClientConnections() + " = " + clients
                            + "; raise those, or lower airflow.poolSize, maxOverflow or the counts");
            return;
        }
        long available = AirflowBudget.available(spec);
        violations.require(
                budget.connections() <= available,
                "airflow.components",
                "may open more connections than there are, " + budget.arithmetic()
                        + ", got configuration.maxConnections "
                        + spec.configuration().maxConnections() + " less " + AirflowBudget.reserved(spec)
                        + " reserved and " + AirflowBudget.declared(spec) + " of declared roles; set it to "
                        + (budget.connections() + spec.configuration().maxConnections() - available)
                        + " or more, or lower airflow.poolSize, maxOverflow or the counts");
    }

    private static boolean canRead(RoleSpec role, String name, PostgresqlHaSpec spec) {
        DatabaseAccess access = role.databases().get(spec.databaseName());
        return role.name().equals(name) && role.login() && access != null && access != DatabaseAccess.MONITOR;
    }

    /** What is allowed and makes trouble all the same, a line each. */
    static List<String> warnings(PostgresqlHaSpec spec) {
        List<String> warnings = new ArrayList<>();
        if (!spec.airflow().enabled()) {
            return warnings;
        }
        AirflowBudget budget = AirflowBudget.of(spec.airflow());
        long available = AirflowBudget.available(spec);
        if (budget.connections() * 100 > available * WARNED_PERCENT) {
            warnings.add("airflow.components: may open " + budget.connections() + " of the " + available
                    + " connections that the database, or its pooler, leaves; one more worker may be one too many");
        }
        if (spec.airflow().version() == AirflowVersion.V3_0 && spec.tls().mode() != TlsMode.OFF) {
            warnings.add(
                    "airflow.version: 3.0 encrypts its asynchronous connections and verifies nobody by them; 3.1 does");
        }
        return warnings;
    }
}
