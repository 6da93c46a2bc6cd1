package io.github.postgresqlha.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.OffsiteSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.YamlText;
import org.junit.jupiter.api.Test;

class OffsitePolicyTest {

    @Test
    void it_may_talk_to_the_remote() {
        assertThat(YamlText.of(policy(Examples.offsite()))).isEqualTo("""
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata:
                  labels:
                    app.kubernetes.io/component: network
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/managed-by: postgresql-ha
                    app.kubernetes.io/name: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                    app.kubernetes.io/version: "17"
                  name: postgresql-offsite
                  namespace: airflow
                spec:
                  egress:
                    - ports:
                        - port: 443
                          protocol: TCP
                      to:
                        - ipBlock:
                            cidr: 10.20.0.0/16
                  podSelector:
                    matchLabels:
                      app.kubernetes.io/component: offsite
                      app.kubernetes.io/instance: postgresql
                      app.kubernetes.io/name: postgresql
                  policyTypes:
                    - Egress
                """);
    }

    @Test
    void a_remote_without_addresses_is_anywhere() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .backup(BackupScheduleSpec.builder()
                        .offsite(OffsiteSpec.builder()
                                .remote("offsite:bucket/postgresql")
                                .secret("postgresql-rclone")
                                .encrypted(false)
                                .egressPort(9000)
                                .build())
                        .build())
                .build();
        assertThat(YamlText.of(policy(spec).getSpec().getEgress())).isEqualTo("""
                  - ports:
                      - port: 9000
                        protocol: TCP
                    to:
                      - ipBlock:
                          cidr: 0.0.0.0/0
                      - ipBlock:
                          cidr: ::/0
                """);
    }

    @Test
    void an_identity_may_be_asked_for_as_well() {
        assertThat(YamlText.of(policy(Examples.identity()).getSpec().getEgress()))
                .isEqualTo("""
                  - ports:
                      - port: 443
                        protocol: TCP
                    to:
                      - ipBlock:
                          cidr: 0.0.0.0/0
                      - ipBlock:
                          cidr: ::/0
                  - ports:
                      - port: 80
                        protocol: TCP
                    to:
                      - ipBlock:
                          cidr: 169.254.170.23/32
                """);
    }

    private static NetworkPolicy policy(PostgresqlHaSpec spec) {
        return new OffsiteCopy(Installation.of(spec), spec.backup().offsite().orElseThrow())
                .objects().stream()
                        .filter(NetworkPolicy.class::isInstance)
                        .map(NetworkPolicy.class::cast)
                        .findFirst()
                        .orElseThrow();
    }
}
