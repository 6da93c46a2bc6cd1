package io.github.postgresqlha.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.ClientSpec;
import io.github.postgresqlha.spec.NetworkSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.YamlText;
import org.junit.jupiter.api.Test;

class ClientsTest {

    @Test
    void pods_with_the_label_and_airflow_s_own_may_connect() {
        assertThat(clients(NetworkSpec.builder().build())).isEqualTo("""
                  - podSelector:
                      matchLabels:
                        postgresql-client: "true"
                  - podSelector:
                      matchLabels:
                        tier: airflow
                """);
    }

    @Test
    void the_label_is_called_after_the_installation() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder().name("reports").build();
        assertThat(YamlText.of(Clients.of(Installation.of(spec)).get(0))).isEqualTo("""
                podSelector:
                  matchLabels:
                    reports-client: "true"
                """);
    }

    @Test
    void airflow_s_pods_may_be_left_out() {
        assertThat(clients(NetworkSpec.builder().airflowPods(false).build())).isEqualTo("""
                  - podSelector:
                      matchLabels:
                        postgresql-client: "true"
                """);
    }

    @Test
    void a_label_that_anybody_can_set_may_be_left_out() {
        assertThat(clients(NetworkSpec.builder().labelClients(false).build())).isEqualTo("""
                  - podSelector:
                      matchLabels:
                        tier: airflow
                """);
    }

    @Test
    void clients_are_pods_namespaces_or_pods_in_namespaces() {
        NetworkSpec spec = NetworkSpec.builder()
                .airflowPods(false)
                .addClient(ClientSpec.builder().putPodLabel("app", "grafana").build())
                .addClient(
                        ClientSpec.builder().putNamespaceLabel("team", "data").build())
                .addClient(ClientSpec.builder()
                        .putPodLabel("app", "dbt")
                        .putNamespaceLabel("team", "reports")
                        .build())
                .build();
        assertThat(clients(spec)).isEqualTo("""
                  - podSelector:
                      matchLabels:
                        postgresql-client: "true"
                  - podSelector:
                      matchLabels:
                        app: grafana
                  - namespaceSelector:
                      matchLabels:
                        team: data
                  - namespaceSelector:
                      matchLabels:
                        team: reports
                    podSelector:
                      matchLabels:
                        app: dbt
                """);
    }

    @Test
    void addresses_outside_of_the_cluster_come_last() {
        NetworkSpec spec = NetworkSpec.builder()
                .airflowPods(false)
                .addClientCidr("10.30.0.0/16")
                .addClientCidr("2001:db8::/32")
                .build();
        assertThat(clients(spec)).isEqualTo("""
                  - podSelector:
                      matchLabels:
                        postgresql-client: "true"
                  - ipBlock:
                      cidr: 10.30.0.0/16
                  - ipBlock:
                      cidr: 2001:db8::/32
                """);
    }

    private static String clients(NetworkSpec network) {
        return YamlText.of(Clients.of(
                Installation.of(PostgresqlHaSpec.builder().network(network).build())));
    }
}
