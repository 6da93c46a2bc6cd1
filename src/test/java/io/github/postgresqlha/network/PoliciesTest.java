package io.github.postgresqlha.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.NetworkSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Excerpt;
import io.github.postgresqlha.testing.YamlText;
import org.junit.jupiter.api.Test;

class PoliciesTest {

    @Test
    void by_hand_there_are_five() {
        assertThat(YamlText.of(Excerpt.names(Policies.of(Installation.of(Examples.standard())))))
                .isEqualTo("""
                  - NetworkPolicy postgresql-deny-all
                  - NetworkPolicy postgresql-dns
                  - NetworkPolicy postgresql-members
                  - NetworkPolicy postgresql-jobs
                  - NetworkPolicy postgresql-connections
                """);
    }

    @Test
    void with_automatic_failover_there_is_one_for_patroni() {
        assertThat(YamlText.of(Excerpt.names(Policies.of(Installation.of(Examples.automatic())))))
                .isEqualTo("""
                  - NetworkPolicy postgresql-deny-all
                  - NetworkPolicy postgresql-dns
                  - NetworkPolicy postgresql-members
                  - NetworkPolicy postgresql-jobs
                  - NetworkPolicy postgresql-connections
                  - NetworkPolicy postgresql-patroni
                """);
    }

    @Test
    void a_policy_lies_in_the_namespace_of_the_installation() {
        assertThat(YamlText.of(policy(Examples.otherNames(), "reports-deny-all").getMetadata()))
                .isEqualTo("""
                labels:
                  app.kubernetes.io/component: network
                  app.kubernetes.io/instance: reports
                  app.kubernetes.io/managed-by: postgresql-ha
                  app.kubernetes.io/name: postgresql
                  app.kubernetes.io/part-of: postgresql-ha
                  app.kubernetes.io/version: "17"
                name: reports-deny-all
                namespace: data
                """);
    }

    @Test
    void every_pod_is_denied_everything() {
        assertThat(spec(Examples.standard(), "postgresql-deny-all")).isEqualTo("""
                podSelector:
                  matchLabels:
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                policyTypes:
                  - Ingress
                  - Egress
                """);
    }

    @Test
    void every_pod_may_have_names_resolved() {
        assertThat(spec(Examples.standard(), "postgresql-dns")).isEqualTo("""
                egress:
                  - ports:
                      - port: 53
                        protocol: UDP
                      - port: 53
                        protocol: TCP
                    to:
                      - namespaceSelector:
                          matchLabels:
                            kubernetes.io/metadata.name: kube-system
                        podSelector:
                          matchLabels:
                            k8s-app: kube-dns
                podSelector:
                  matchLabels:
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                policyTypes:
                  - Egress
                """);
    }

    @Test
    void members_connect_to_members() {
        assertThat(spec(Examples.standard(), "postgresql-members")).isEqualTo("""
                egress:
                  - ports:
                      - port: 5432
                        protocol: TCP
                    to:
                      - podSelector:
                          matchLabels:
                            postgresqlha.github.io/member: postgresql
                podSelector:
                  matchLabels:
                    postgresqlha.github.io/member: postgresql
                policyTypes:
                  - Egress
                """);
    }

    @Test
    void jobs_that_ask_a_server_connect_to_members() {
        assertThat(spec(Examples.standard(), "postgresql-jobs")).isEqualTo("""
                egress:
                  - ports:
                      - port: 5432
                        protocol: TCP
                    to:
                      - podSelector:
                          matchLabels:
                            postgresqlha.github.io/member: postgresql
                podSelector:
                  matchExpressions:
                    - key: app.kubernetes.io/component
                      operator: In
                      values:
                        - backup
                        - base-backup
                        - health-check
                        - wal-archiver
                  matchLabels:
                    app.kubernetes.io/instance: postgresql
                policyTypes:
                  - Egress
                """);
    }

    @Test
    void members_let_in_members_jobs_and_clients() {
        assertThat(spec(Examples.standard(), "postgresql-connections")).isEqualTo("""
                ingress:
                  - from:
                      - podSelector:
                          matchLabels:
                            postgresqlha.github.io/member: postgresql
                      - podSelector:
                          matchExpressions:
                            - key: app.kubernetes.io/component
                              operator: In
                              values:
                                - backup
                                - base-backup
                                - health-check
                                - wal-archiver
                          matchLabels:
                            app.kubernetes.io/instance: postgresql
                    ports:
                      - port: 5432
                        protocol: TCP
                  - from:
                      - podSelector:
                          matchLabels:
                            postgresql-client: "true"
                      - podSelector:
                          matchLabels:
                            tier: airflow
                    ports:
                      - port: 5432
                        protocol: TCP
                podSelector:
                  matchLabels:
                    postgresqlha.github.io/member: postgresql
                policyTypes:
                  - Ingress
                """);
    }

    @Test
    void patroni_talks_to_patroni_and_to_the_api_servers() {
        assertThat(spec(Examples.automatic(), "postgresql-patroni")).isEqualTo("""
                egress:
                  - ports:
                      - port: 8008
                        protocol: TCP
                    to:
                      - podSelector:
                          matchLabels:
                            postgresqlha.github.io/member: postgresql
                  - ports:
                      - port: 443
                        protocol: TCP
                      - port: 6443
                        protocol: TCP
                    to:
                      - ipBlock:
                          cidr: 10.0.0.1/32
                ingress:
                  - from:
                      - podSelector:
                          matchLabels:
                            postgresqlha.github.io/member: postgresql
                    ports:
                      - port: 8008
                        protocol: TCP
                podSelector:
                  matchLabels:
                    postgresqlha.github.io/member: postgresql
                policyTypes:
                  - Ingress
                  - Egress
                """);
    }

    @Test
    void another_installation_s_pods_are_not_meant() {
        assertThat(spec(Examples.otherNames(), "reports-members")).isEqualTo("""
                egress:
                  - ports:
                      - port: 5432
                        protocol: TCP
                    to:
                      - podSelector:
                          matchLabels:
                            postgresqlha.github.io/member: reports
                podSelector:
                  matchLabels:
                    postgresqlha.github.io/member: reports
                policyTypes:
                  - Egress
                """);
    }

    /** A rule without peers would let everybody in. */
    @Test
    void where_nobody_is_a_client_no_rule_lets_clients_in() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .network(NetworkSpec.builder()
                        .airflowPods(false)
                        .labelClients(false)
                        .build())
                .build();
        assertThat(policy(spec, "postgresql-connections").getSpec().getIngress())
                .hasSize(1)
                .allSatisfy(rule -> assertThat(rule.getFrom()).hasSize(2));
    }

    @Test
    void a_further_client_is_let_in_beside_the_usual_ones() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .network(NetworkSpec.builder().addClientCidr("10.30.0.0/16").build())
                .build();
        assertThat(YamlText.of(policy(spec, "postgresql-connections")
                        .getSpec()
                        .getIngress()
                        .get(1)))
                .isEqualTo("""
                from:
                  - podSelector:
                      matchLabels:
                        postgresql-client: "true"
                  - podSelector:
                      matchLabels:
                        tier: airflow
                  - ipBlock:
                      cidr: 10.30.0.0/16
                ports:
                  - port: 5432
                    protocol: TCP
                """);
    }

    private static String spec(PostgresqlHaSpec spec, String name) {
        return YamlText.of(policy(spec, name).getSpec());
    }

    private static NetworkPolicy policy(PostgresqlHaSpec spec, String name) {
        return Policies.of(Installation.of(spec)).stream()
                .filter(policy -> policy.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
