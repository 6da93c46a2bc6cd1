package io.github.postgresqlha.network;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.github.postgresqlha.kubernetes.Ports;
import java.util.List;

/** The flows that policies allow. */
final class PolicyRules {

    private PolicyRules() {}

    static NetworkPolicyIngressRule from(List<NetworkPolicyPeer> peers, int port) {
        return new NetworkPolicyIngressRuleBuilder()
                .withFrom(peers)
                .withPorts(port("TCP", port))
                .build();
    }

    static NetworkPolicyEgressRule to(NetworkPolicyPeer peer, int port) {
        return new NetworkPolicyEgressRuleBuilder()
                .withTo(peer)
                .withPorts(port("TCP", port))
                .build();
    }

    static NetworkPolicyEgressRule toRange(String cidr, int port) {
        return new NetworkPolicyEgressRuleBuilder()
                .withTo(new NetworkPolicyPeerBuilder()
                        .withNewIpBlock()
                        .withCidr(cidr)
                        .endIpBlock()
                        .build())
                .withPorts(port("TCP", port))
                .build();
    }

    static NetworkPolicyEgressRule kubernetesTo(String cidr) {
        return new NetworkPolicyEgressRuleBuilder()
                .withTo(new NetworkPolicyPeerBuilder()
                        .withNewIpBlock()
                        .withCidr(cidr)
                        .endIpBlock()
                        .build())
                .withPorts(port("TCP", Ports.KUBERNETES_SERVICE), port("TCP", Ports.KUBERNETES))
                .build();
    }

    static NetworkPolicyPeer pods(LabelSelector selector) {
        return new NetworkPolicyPeerBuilder().withPodSelector(selector).build();
    }

    static NetworkPolicyPort port(String protocol, int port) {
        return new NetworkPolicyPort(null, new IntOrString(port), protocol);
    }
}
