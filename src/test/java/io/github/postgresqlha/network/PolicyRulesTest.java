package io.github.postgresqlha.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.github.postgresqlha.installation.Labels;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyRulesTest {

    private final NetworkPolicyPeer pods = PolicyRules.pods(Labels.selector(Map.of("app", "grafana")));

    @Test
    void pods_are_selected_by_their_labels() {
        assertThat(YamlText.of(pods)).isEqualTo("""
                podSelector:
                  matchLabels:
                    app: grafana
                """);
    }

    @Test
    void connections_come_from_peers_to_one_port() {
        assertThat(YamlText.of(PolicyRules.from(List.of(pods), 5432))).isEqualTo("""
                from:
                  - podSelector:
                      matchLabels:
                        app: grafana
                ports:
                  - port: 5432
                    protocol: TCP
                """);
    }

    @Test
    void connections_go_to_one_port_of_a_peer() {
        assertThat(YamlText.of(PolicyRules.to(pods, 8008))).isEqualTo("""
                ports:
                  - port: 8008
                    protocol: TCP
                to:
                  - podSelector:
                      matchLabels:
                        app: grafana
                """);
    }

    @Test
    void the_kubernetes_api_is_reached_by_its_service_and_by_its_servers() {
        assertThat(YamlText.of(PolicyRules.kubernetesTo("10.0.0.1/32"))).isEqualTo("""
                ports:
                  - port: 443
                    protocol: TCP
                  - port: 6443
                    protocol: TCP
                to:
                  - ipBlock:
                      cidr: 10.0.0.1/32
                """);
    }
}
