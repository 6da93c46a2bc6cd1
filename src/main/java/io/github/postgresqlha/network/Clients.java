package io.github.postgresqlha.network;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Labels;
import io.github.postgresqlha.spec.ClientSpec;
import io.github.postgresqlha.spec.NetworkSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The pods of other products that may connect. */
final class Clients {

    /** Every pod of Airflow's official chart has this label. */
    private static final NetworkPolicyPeer AIRFLOW = new NetworkPolicyPeerBuilder()
            .withPodSelector(Labels.selector(Map.of("tier", "airflow")))
            .build();

    private Clients() {}

    /** None where the specification lets nobody in. */
    static List<NetworkPolicyPeer> of(Installation installation) {
        NetworkSpec spec = installation.spec().network();
        NetworkPolicyPeer labelled = new NetworkPolicyPeerBuilder()
                .withPodSelector(Labels.selector(Map.of(installation.names().clientLabel(), "true")))
                .build();
        List<NetworkPolicyPeer> clients = new ArrayList<>();
        if (spec.labelClients()) {
            clients.add(labelled);
        }
        if (spec.airflowPods()) {
            clients.add(AIRFLOW);
        }
        spec.clients().forEach(client -> clients.add(peer(client)));
        spec.clientCidrs().forEach(range -> clients.add(range(range)));
        return List.copyOf(clients);
    }

    private static NetworkPolicyPeer range(String range) {
        return new NetworkPolicyPeerBuilder()
                .withNewIpBlock()
                .withCidr(range)
                .endIpBlock()
                .build();
    }

    static NetworkPolicyPeer peer(ClientSpec client) {
        NetworkPolicyPeerBuilder peer = new NetworkPolicyPeerBuilder();
        if (!client.podLabels().isEmpty()) {
            peer.withPodSelector(Labels.selector(client.podLabels()));
        }
        if (!client.namespaceLabels().isEmpty()) {
            peer.withNamespaceSelector(Labels.selector(client.namespaceLabels()));
        }
        return peer.build();
    }
}
