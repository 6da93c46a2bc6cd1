package io.github.postgresqlha.spec;

import io.github.postgresqlha.postgresql.DataDurability;
import io.github.postgresqlha.postgresql.Synchronous;
import java.util.ArrayList;
import java.util.List;

/** Keys that were given and do nothing beside the others. */
final class SilentKeys {

    private SilentKeys() {}

    /** A line for each. */
    static List<String> warnings(PostgresqlHaSpec spec) {
        List<String> warnings = new ArrayList<>();
        if (spec.failover() == Failover.MANUAL
                && !spec.patroni().equals(PatroniSpec.builder().build())) {
            warnings.add("patroni: does nothing with failover manual; set failover to automatic, or leave it out");
        }
        if (spec.replication().synchronous() == Synchronous.FALSE
                && spec.replication().dataDurability() != DataDurability.REQUIRED) {
            warnings.add("replication.dataDurability: does nothing with replication.synchronous false;"
                    + " set that to true, or leave this out");
        }
        if (!spec.createNamespace() && spec.podSecurity().enforce() != PodSecurityLevel.BASELINE) {
            warnings.add(
                    "podSecurity.enforce: does nothing with createNamespace false; have the namespace's owner label it"
                            + " pod-security.kubernetes.io/enforce: "
                            + spec.podSecurity().enforce());
        }
        return warnings;
    }
}
