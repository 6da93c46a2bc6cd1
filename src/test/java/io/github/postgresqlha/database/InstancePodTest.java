package io.github.postgresqlha.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.StandbyDatabaseSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Excerpt;
import io.github.postgresqlha.testing.YamlText;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InstancePodTest {

    @Test
    void the_primary_s_pod_is_away_from_its_peers_and_where_the_backups_are() {
        assertThat(YamlText.of(Excerpt.pod(instance(Examples.standard(), 0)))).isEqualTo("""
                affinity:
                  podAffinity:
                    requiredDuringSchedulingIgnoredDuringExecution:
                      - labelSelector:
                          matchLabels:
                            postgresqlha.github.io/backup-volume: postgresql-backup
                        topologyKey: kubernetes.io/hostname
                  podAntiAffinity:
                    preferredDuringSchedulingIgnoredDuringExecution:
                      - podAffinityTerm:
                          labelSelector:
                            matchLabels:
                              postgresqlha.github.io/member: postgresql
                          topologyKey: kubernetes.io/hostname
                        weight: 100
                      - podAffinityTerm:
                          labelSelector:
                            matchLabels:
                              postgresqlha.github.io/member: postgresql
                          topologyKey: topology.kubernetes.io/zone
                        weight: 50
                automountServiceAccountToken: false
                enableServiceLinks: false
                securityContext:
                  fsGroup: 999
                  fsGroupChangePolicy: OnRootMismatch
                  runAsGroup: 999
                  runAsNonRoot: true
                  runAsUser: 999
                  seccompProfile:
                    type: RuntimeDefault
                serviceAccountName: postgresql-instance
                terminationGracePeriodSeconds: 180
                """);
    }

    @Test
    void a_standby_s_pod_may_be_anywhere() {
        assertThat(Excerpt.pod(instance(Examples.standard(), 1)).getAffinity().getPodAffinity())
                .isNull();
    }

    @Test
    void backups_that_any_node_can_mount_bind_the_primary_to_none() {
        assertThat(Excerpt.pod(instance(Examples.sharedBackups(), 0))
                        .getAffinity()
                        .getPodAffinity())
                .isNull();
    }

    @Test
    void a_pod_with_patroni_has_a_token() {
        assertThat(Excerpt.pod(instance(Examples.automatic(), 0)).getAutomountServiceAccountToken())
                .isTrue();
    }

    @Test
    void a_pod_stays_on_the_nodes_of_its_member() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .standby(StandbyDatabaseSpec.builder()
                        .putNodeSelector("disk", "ssd")
                        .build())
                .build();
        assertThat(YamlText.of(Excerpt.pod(instance(spec, 1)).getNodeSelector()))
                .isEqualTo("""
                disk: ssd
                """);
    }

    @Test
    void the_image_is_fetched_with_the_secrets_of_its_registry() {
        assertThat(YamlText.of(Excerpt.pod(instance(Examples.otherNames(), 0)).getImagePullSecrets()))
                .isEqualTo("""
                  - name: registry
                """);
    }

    @Test
    void the_primary_s_labels_say_that_it_is_a_member_and_has_the_backups() {
        assertThat(labels(Examples.standard(), 0)).isEqualTo("""
                app.kubernetes.io/component: primary
                app.kubernetes.io/instance: postgresql
                app.kubernetes.io/managed-by: postgresql-ha
                app.kubernetes.io/name: postgresql
                app.kubernetes.io/part-of: postgresql-ha
                app.kubernetes.io/version: "17"
                postgresqlha.github.io/backup-volume: postgresql-backup
                postgresqlha.github.io/member: postgresql
                """);
    }

    @Test
    void the_labels_of_a_second_standby_under_patroni_say_its_number_and_scope() {
        assertThat(labels(Examples.automatic(), 2)).isEqualTo("""
                app.kubernetes.io/component: standby-2
                app.kubernetes.io/instance: postgresql
                app.kubernetes.io/managed-by: postgresql-ha
                app.kubernetes.io/name: postgresql
                app.kubernetes.io/part-of: postgresql-ha
                app.kubernetes.io/version: "17"
                postgresqlha.github.io/member: postgresql
                postgresqlha.github.io/patroni-scope: postgresql-patroni
                """);
    }

    @Test
    void the_pod_restarts_when_the_server_has_to() {
        assertThat(instance(Examples.standard(), 0)
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getAnnotations())
                .containsOnly(Map.entry(
                        "postgresqlha.github.io/restart-checksum",
                        ServerConfiguration.of(Installation.of(Examples.standard()))
                                .restartChecksum()));
    }

    @Test
    void the_container_is_supervised_probed_and_bounded() {
        assertThat(YamlText.of(Excerpt.container(instance(Examples.standard(), 0))))
                .isEqualTo("""
                command:
                  - /scripts/instance.sh
                image: postgres:17
                imagePullPolicy: IfNotPresent
                livenessProbe:
                  exec:
                    command:
                      - /scripts/instance/probe.sh
                      - liveness
                  failureThreshold: 6
                  periodSeconds: 10
                  timeoutSeconds: 5
                name: postgresql
                ports:
                  - containerPort: 5432
                    name: postgresql
                    protocol: TCP
                readinessProbe:
                  exec:
                    command:
                      - /scripts/instance/probe.sh
                      - readiness
                  failureThreshold: 3
                  periodSeconds: 2
                  timeoutSeconds: 5
                resources:
                  limits:
                    cpu: 2000m
                    ephemeral-storage: 2Gi
                    memory: 4Gi
                  requests:
                    cpu: 1000m
                    ephemeral-storage: 256Mi
                    memory: 2Gi
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities:
                    drop:
                      - ALL
                  readOnlyRootFilesystem: true
                startupProbe:
                  exec:
                    command:
                      - /scripts/instance/probe.sh
                      - startup
                  failureThreshold: 30
                  periodSeconds: 2
                  timeoutSeconds: 5
                """);
    }

    @Test
    void a_standby_s_container_asks_for_less() {
        assertThat(YamlText.of(
                        Excerpt.container(instance(Examples.standard(), 1)).getResources()))
                .isEqualTo("""
                limits:
                  cpu: 1000m
                  ephemeral-storage: 2Gi
                  memory: 4Gi
                requests:
                  cpu: 500m
                  ephemeral-storage: 256Mi
                  memory: 1Gi
                """);
    }

    @Test
    void under_patroni_the_container_has_its_supervisor_and_its_port() {
        assertThat(YamlText.of(
                        Excerpt.container(instance(Examples.automatic(), 0)).getCommand()))
                .isEqualTo("""
                  - /scripts/patroni.sh
                """);
        assertThat(YamlText.of(
                        Excerpt.container(instance(Examples.automatic(), 0)).getPorts()))
                .isEqualTo("""
                  - containerPort: 5432
                    name: postgresql
                    protocol: TCP
                  - containerPort: 8008
                    name: patroni
                    protocol: TCP
                """);
    }

    @Test
    void the_container_has_the_environment_and_the_volumes_of_its_instance() {
        Installation installation = Installation.of(Examples.standard());
        Instance primary = new Instance(installation, installation.primary());
        StatefulSet set = InstanceStatefulSet.of(primary);
        var pod = set.getSpec().getTemplate().getSpec();
        assertThat(pod.getContainers().get(0).getEnv())
                .isEqualTo(InstanceEnvironment.of(primary).variables());
        assertThat(pod.getContainers().get(0).getVolumeMounts()).isEqualTo(InstanceVolumes.mounts(primary));
        assertThat(pod.getVolumes()).isEqualTo(InstanceVolumes.volumes(primary));
    }

    private static String labels(PostgresqlHaSpec spec, int member) {
        return YamlText.of(
                instance(spec, member).getSpec().getTemplate().getMetadata().getLabels());
    }

    private static StatefulSet instance(PostgresqlHaSpec spec, int member) {
        Installation installation = Installation.of(spec);
        return InstanceStatefulSet.of(
                new Instance(installation, installation.members().get(member)));
    }
}
