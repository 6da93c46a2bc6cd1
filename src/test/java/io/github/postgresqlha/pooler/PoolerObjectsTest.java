package io.github.postgresqlha.pooler;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Excerpt;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolerObjectsTest {

    private static final String ON = "pooler: {enabled: true}";
    private static final String READING = "pooler: {enabled: true, readOnly: true, stopWaitSeconds: 10}";

    @Test
    void by_default_there_are_none() {
        assertThat(PoolerObjects.of(Installation.of(Examples.standard()))).isEmpty();
    }

    @Test
    void readers_have_a_service() {
        assertThat(YamlText.of(Excerpt.names(objects(READING)))).isEqualTo("""
                  - ConfigMap postgresql-pooler
                  - Deployment postgresql-pooler
                  - Service postgresql-pooler
                  - Service postgresql-pooler-read
                  - PodDisruptionBudget postgresql-pooler
                """);
        assertThat(ports(READING)).containsExactly("6432 to write", "6432 to read");
        assertThat(ports(ON)).containsExactly("6432 to write");
    }

    @Test
    void never_more_than_one_pod_more_than_replicas() {
        assertThat(YamlText.of(deployment(ON).getSpec().getStrategy())).isEqualTo("""
                rollingUpdate:
                  maxSurge: 0
                  maxUnavailable: 1
                type: RollingUpdate
                """);
        assertThat(deployment(ON).getSpec().getReplicas()).isEqualTo(2);
    }

    @Test
    void what_finds_the_primary_starts_first_and_ends_last() {
        PodSpec pod = deployment(ON).getSpec().getTemplate().getSpec();
        assertThat(pod.getInitContainers()).singleElement().satisfies(follower -> {
            assertThat(follower.getRestartPolicy()).isEqualTo("Always");
            assertThat(follower.getImage()).isEqualTo("postgres:17");
            assertThat(follower.getEnv().stream().map(env -> env.getName() + "=" + env.getValue()))
                    .contains("PGHOST=postgresql-primary-0.postgresql-peers,postgresql-standby-0.postgresql-peers")
                    .contains("POOLER_DATABASES=airflow", "TLS_CA_FILE=/run/passfile/tls/ca.crt")
                    .noneMatch(env -> env.startsWith("POOLER_PRIMARY") || env.startsWith("POOLER_READ_HOSTS"));
        });
    }

    @Test
    void pgbouncer_is_ready_when_it_listens_and_waits_for_its_clients() {
        PodSpec pod = deployment(READING).getSpec().getTemplate().getSpec();
        assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(35);
        assertThat(YamlText.of(pod.getContainers().get(1).getReadinessProbe())).isEqualTo("""
                failureThreshold: 1
                periodSeconds: 5
                tcpSocket:
                  port: read
                timeoutSeconds: 5
                """);
        assertThat(YamlText.of(pod.getContainers().get(1).getLifecycle())).isEqualTo("""
                preStop:
                  exec:
                    command:
                      - /scripts/pooler/stop.sh
                """);
        assertThat(YamlText.of(pod.getContainers().get(1).getCommand())).isEqualTo("""
                  - pgbouncer
                  - /etc/pgbouncer/pgbouncer-read.ini
                """);
    }

    @Test
    void where_patroni_decides_its_service_is_followed() {
        String automatic = "{failover: automatic, image: 'registry.example/patroni:17', " + READING + "}";
        assertThat(deployment(automatic).getSpec().getTemplate().getSpec().getInitContainers().get(0).getEnv().stream()
                        .map(env -> env.getName() + "=" + env.getValue()))
                .contains("POOLER_PRIMARY=postgresql-primary")
                .contains(
                        "POOLER_READ_HOSTS=postgresql-primary-0.postgresql-peers,postgresql-standby-0.postgresql-peers");
    }

    @Test
    void the_certificate_has_its_names() {
        assertThat(Installation.of(ConfigurationFile.parse(READING)).serverNames())
                .contains("postgresql-pooler", "postgresql-pooler-read.airflow.svc.cluster.local");
        assertThat(Installation.of(ConfigurationFile.parse(ON)).serverNames())
                .contains("postgresql-pooler.airflow.svc")
                .doesNotContain("postgresql-pooler-read");
        assertThat(Installation.of(Examples.standard()).serverNames()).doesNotContain("postgresql-pooler");
    }

    private static List<HasMetadata> objects(String file) {
        return PoolerObjects.of(Installation.of(ConfigurationFile.parse(file)));
    }

    private static Deployment deployment(String file) {
        return objects(file).stream()
                .filter(Deployment.class::isInstance)
                .map(Deployment.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> ports(String file) {
        return objects(file).stream()
                .filter(Service.class::isInstance)
                .map(service -> ((Service) service).getSpec().getPorts().get(0))
                .map(port -> port.getPort() + " to " + port.getTargetPort().getStrVal())
                .toList();
    }
}
