package io.github.postgresqlha.spec;

import java.util.ArrayList;
import java.util.List;

/** Where pods may go further than they need, and who comes near them: each has a key that closes it. */
final class OpenAddresses {

    private OpenAddresses() {}

    /** A line for each. */
    static List<String> warnings(PostgresqlHaSpec spec) {
        List<String> warnings = new ArrayList<>();
        if (spec.failover() == Failover.AUTOMATIC
                && Cidr.isEverywhere(spec.network().apiServerCidr())) {
            warnings.add(
                    "network.apiServerCidr: members, which have a token, may reach every address at ports 443 and 6443;"
                            + " set it to that of kubectl get endpoints kubernetes -n default");
        }
        if (spec.network().clientCidrs().stream().anyMatch(Cidr::isEverywhere)) {
            warnings.add("network.clientCidrs: every address may connect that a Service leads in;"
                    + " set it to those of your clients");
        }
        spec.backup()
                .offsite()
                .filter(copy -> copy.egressCidrs().isEmpty()
                        || copy.egressCidrs().stream().anyMatch(Cidr::isEverywhere))
                .ifPresent(copy -> warnings.add("backup.offsite.egressCidrs: the copy may go to every address at port "
                        + copy.egressPort() + "; set it to those of the object store, or of the proxy before it"));
        if (spec.network().airflowPods()) {
            warnings.add(
                    "namespace: pods of Airflow share it (network.airflowPods), and whoever writes a DAG may make pods there that"
                            + " exec into the database or mount its Secret; give the database a namespace of its own"
                            + " with network.clients, as examples/own-namespace.yaml does, and podSecurity.enforce: restricted");
        }
        return warnings;
    }
}
