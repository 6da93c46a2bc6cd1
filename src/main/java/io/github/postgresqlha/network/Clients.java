package io.github.postgresqlha.network;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.kubernetes.Labels;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The pods of other products that may connect. */
final class Clients {

    private Clients() {}

    static List<NetworkPolicyPeer> of(Installation installation, NetworkSpec spec) {
        NetworkPolicyPeer labelled = new NetworkPolicyPeerBuilder()
                .withPodSelector(Labels.selector(Map.of(installation.names().clientLabel(), "true")))
                .build();
        return Stream.concat(Stream.of(labelled), spec.clients().stream().map(Clients::peer))
                .toList();
    }

    private static NetworkPolicyPeer peer(ClientSpec client) {
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
