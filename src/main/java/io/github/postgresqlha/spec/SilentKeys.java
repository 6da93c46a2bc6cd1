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
        if (spec.network().clientCidrs().isEmpty()) {
            closed("primary", spec.primary().service(), warnings);
            closed("standby", spec.standby().service(), warnings);
        }
        if (spec.tls().mode() != TlsMode.CERT_MANAGER
                && !spec.tls().certManager().equals(CertManagerSpec.builder().build())) {
            warnings.add("tls.certManager: does nothing with tls.mode "
                    + spec.tls().mode() + "; set that to certManager, or leave this out");
        }
        if (spec.tls().mode() == TlsMode.OFF
                && !spec.tls().equals(TlsSpec.builder().mode(TlsMode.OFF).build())) {
            warnings.add("tls: nothing but mode counts with mode off; leave the others out");
        }
        if (spec.tls().mode() != TlsMode.OFF
                && spec.tls().required()
                && spec.hbaRecords().stream().anyMatch(entry -> entry.type() == HbaType.HOSTNOSSL)) {
            warnings.add("hbaRecords: a record of type hostnossl does nothing with tls.required true,"
                    + " which refuses all connections without TLS; leave it out");
        }
        if (!spec.createNamespace() && spec.podSecurity().enforce() != PodSecurityLevel.BASELINE) {
            warnings.add(
                    "podSecurity.enforce: does nothing with createNamespace false; have the namespace's owner label it"
                            + " pod-security.kubernetes.io/enforce: "
                            + spec.podSecurity().enforce());
        }
        return warnings;
    }

    private static void closed(String member, ClientServiceSpec service, List<String> warnings) {
        if (service.type() != ServiceType.CLUSTER_IP) {
            warnings.add(member + ".service.type: " + service.type()
                    + " lets nobody in without network.clientCidrs; name there who connects from outside of the cluster,"
                    + " or the load balancer where it hides their addresses");
        }
    }
}
