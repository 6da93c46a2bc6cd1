package io.github.postgresqlha.network;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.github.postgresqlha.installation.Labels;
import io.github.postgresqlha.kubernetes.Ports;
import io.github.postgresqlha.spec.DnsSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The flow to whoever resolves names. To every pod of every namespace it would be a way out: for a tunnel port 53 is as good as any other.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/">DNS for Services and Pods</a>
 */
final class NameResolution {

    /** Of kube-dns, and of CoreDNS, which took its place and kept its label. */
    private static final Map<String, String> PODS = Map.of("k8s-app", "kube-dns");

    private static final Map<String, String> NAMESPACE = Map.of("kubernetes.io/metadata.name", "kube-system");

    private NameResolution() {}

    /** To the pods, and to the addresses where there are any. */
    static List<NetworkPolicyEgressRule> egress(DnsSpec spec) {
        List<NetworkPolicyEgressRule> rules = new ArrayList<>(List.of(to(List.of(pods(spec)), spec.port())));
        if (!spec.cidrs().isEmpty()) {
            rules.add(to(spec.cidrs().stream().map(NameResolution::range).toList(), Ports.DNS));
        }
        return List.copyOf(rules);
    }

    private static NetworkPolicyPeer pods(DnsSpec spec) {
        return new NetworkPolicyPeerBuilder()
                .withNamespaceSelector(
                        Labels.selector(spec.namespaceLabels().isEmpty() ? NAMESPACE : spec.namespaceLabels()))
                .withPodSelector(Labels.selector(spec.podLabels().isEmpty() ? PODS : spec.podLabels()))
                .build();
    }

    private static NetworkPolicyPeer range(String range) {
        return new NetworkPolicyPeerBuilder()
                .withNewIpBlock()
                .withCidr(range)
                .endIpBlock()
                .build();
    }

    private static NetworkPolicyEgressRule to(List<NetworkPolicyPeer> peers, int port) {
        return new NetworkPolicyEgressRuleBuilder()
                .withTo(peers)
                .withPorts(PolicyRules.port("UDP", port), PolicyRules.port("TCP", port))
                .build();
    }
}
