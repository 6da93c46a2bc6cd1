package io.github.postgresqlha.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.NetworkSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.SourceSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourcesTest {

    @Test
    void without_sources_there_is_no_way_out() {
        assertThat(policies(Examples.standard()))
                .noneMatch(policy -> policy.getMetadata().getName().equals("postgresql-sources"));
    }

    @Test
    void members_reach_each_source_at_its_port_and_nothing_else_is_opened() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .network(NetworkSpec.builder()
                        .addSources(
                                SourceSpec.builder()
                                        .cidr("10.20.0.0/16")
                                        .port(6432)
                                        .build(),
                                SourceSpec.builder()
                                        .putPodLabel("app", "old")
                                        .putNamespaceLabel("team", "data")
                                        .build())
                        .build())
                .build();
        List<NetworkPolicy> added = policies(spec).stream()
                .filter(policy -> !policies(Examples.standard()).contains(policy))
                .toList();
        assertThat(added).hasSize(1);
        assertThat(added.get(0).getMetadata().getName()).isEqualTo("postgresql-sources");
        assertThat(added.get(0).getSpec().getIngress()).isEmpty();
        assertThat(YamlText.of(added.get(0).getSpec().getEgress())).isEqualTo("""
                  - ports:
                      - port: 6432
                        protocol: TCP
                    to:
                      - ipBlock:
                          cidr: 10.20.0.0/16
                  - ports:
                      - port: 5432
                        protocol: TCP
                    to:
                      - namespaceSelector:
                          matchLabels:
                            team: data
                        podSelector:
                          matchLabels:
                            app: old
                """);
    }

    private static List<NetworkPolicy> policies(PostgresqlHaSpec spec) {
        return Policies.of(Installation.of(spec));
    }
}
