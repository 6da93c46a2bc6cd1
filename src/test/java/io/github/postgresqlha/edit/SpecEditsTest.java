package io.github.postgresqlha.edit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.PodSpecs;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.spec.ExtraVolumeSpec;
import io.github.postgresqlha.spec.MetadataSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.PrimaryDatabaseSpec;
import io.github.postgresqlha.spec.SchedulingSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SpecEditsTest {

    private static final PostgresqlHaSpec EXTENDED = PostgresqlHaSpec.builder()
            .scheduling(SchedulingSpec.builder()
                    .putNodeSelector("disk", "any")
                    .putNodeSelector("pool", "databases")
                    .addToleration(new TolerationBuilder()
                            .withKey("dedicated")
                            .withOperator("Exists")
                            .withEffect("NoSchedule")
                            .build())
                    .addTopologySpreadConstraint(new TopologySpreadConstraintBuilder()
                            .withMaxSkew(1)
                            .withTopologyKey("topology.kubernetes.io/zone")
                            .withWhenUnsatisfiable("ScheduleAnyway")
                            .build())
                    .priorityClassName("databases")
                    .affinity(new AffinityBuilder()
                            .withNewPodAntiAffinity()
                            .addNewRequiredDuringSchedulingIgnoredDuringExecution()
                            .withNewLabelSelector()
                            .addToMatchLabels("noisy", "true")
                            .endLabelSelector()
                            .withTopologyKey("kubernetes.io/hostname")
                            .endRequiredDuringSchedulingIgnoredDuringExecution()
                            .endPodAntiAffinity()
                            .build())
                    .build())
            .primary(PrimaryDatabaseSpec.builder()
                    .putNodeSelector("disk", "nvme")
                    .build())
            .metadata(MetadataSpec.builder()
                    .putLabel("team", "data")
                    .putAnnotation("example.org/owner", "data")
                    .build())
            .addExtraEnv(new EnvVar("HTTPS_PROXY", "http://proxy.example:3128", null))
            .addExtraVolume(ExtraVolumeSpec.builder()
                    .mountPath("/etc/company-ca")
                    .volume(new VolumeBuilder()
                            .withName("company-ca")
                            .withNewConfigMap()
                            .withName("company-ca")
                            .endConfigMap()
                            .build())
                    .build())
            .addSidecar(new ContainerBuilder(container(Examples.standard()))
                    .withName("shipper")
                    .withImage("registry.example/shipper:1.2.3")
                    .withCommand("ship")
                    .withEnv()
                    .withVolumeMounts()
                    .build())
            .build();

    @Test
    void a_node_of_the_member_goes_before_that_of_all_pods() {
        assertThat(YamlText.of(Map.of(
                        "primary", pod(EXTENDED, "postgresql-primary").getNodeSelector(),
                        "standby", pod(EXTENDED, "postgresql-standby").getNodeSelector())))
                .isEqualTo("""
                primary:
                  disk: nvme
                  pool: databases
                standby:
                  disk: any
                  pool: databases
                """);
    }

    @Test
    void taints_spread_and_priority_are_those_of_the_specification() {
        PodSpec job = pod(EXTENDED, "postgresql-health-check");
        assertThat(YamlText.of(Map.of(
                        "priorityClassName", job.getPriorityClassName(),
                        "tolerations", job.getTolerations(),
                        "topologySpreadConstraints", job.getTopologySpreadConstraints())))
                .isEqualTo("""
                priorityClassName: databases
                tolerations:
                  - effect: NoSchedule
                    key: dedicated
                    operator: Exists
                topologySpreadConstraints:
                  - maxSkew: 1
                    topologyKey: topology.kubernetes.io/zone
                    whenUnsatisfiable: ScheduleAnyway
                """);
    }

    @Test
    void affinity_is_added_to_the_product_s_own() {
        assertThat(YamlText.of(pod(EXTENDED, "postgresql-primary").getAffinity()))
                .isEqualTo("""
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
                  requiredDuringSchedulingIgnoredDuringExecution:
                    - labelSelector:
                        matchLabels:
                          noisy: "true"
                      topologyKey: kubernetes.io/hostname
                """);
    }

    @Test
    void a_pod_without_affinity_gets_that_of_the_specification() {
        assertThat(YamlText.of(pod(EXTENDED, "postgresql-health-check").getAffinity()))
                .isEqualTo("""
                podAntiAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                    - labelSelector:
                        matchLabels:
                          noisy: "true"
                      topologyKey: kubernetes.io/hostname
                """);
    }

    @Test
    void every_object_and_every_pod_has_the_labels_and_annotations() {
        HasMetadata job = object(EXTENDED, "postgresql-health-check");
        assertThat(YamlText.of(Map.of(
                        "object",
                        Map.of(
                                "annotations", job.getMetadata().getAnnotations(),
                                "labels", job.getMetadata().getLabels()),
                        "pod",
                        PodSpecs.template(job).orElseThrow().getMetadata())))
                .isEqualTo("""
                object:
                  annotations:
                    example.org/owner: data
                  labels:
                    app.kubernetes.io/component: health-check
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/managed-by: postgresql-ha
                    app.kubernetes.io/name: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                    app.kubernetes.io/version: "17"
                    team: data
                pod:
                  annotations:
                    example.org/owner: data
                  labels:
                    app.kubernetes.io/component: health-check
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/managed-by: postgresql-ha
                    app.kubernetes.io/name: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                    app.kubernetes.io/version: "17"
                    team: data
                """);
    }

    @Test
    void a_container_has_the_variable_and_the_volume_last() {
        Container container = container(EXTENDED);
        assertThat(YamlText.of(Map.of(
                        "env", last(container.getEnv()),
                        "mount", last(container.getVolumeMounts()),
                        "volume", last(pod(EXTENDED, "postgresql-health-check").getVolumes()))))
                .isEqualTo("""
                env:
                  name: HTTPS_PROXY
                  value: http://proxy.example:3128
                mount:
                  mountPath: /etc/company-ca
                  name: company-ca
                  readOnly: true
                volume:
                  configMap:
                    name: company-ca
                  name: company-ca
                """);
    }

    @Test
    void a_sidecar_starts_before_the_product_s_containers_and_stays() {
        assertThat(YamlText.of(pod(EXTENDED, "postgresql-restore-test").getInitContainers().stream()
                        .map(container -> Map.of(
                                "command", container.getCommand(),
                                "name", container.getName(),
                                "restartPolicy", Objects.requireNonNullElse(container.getRestartPolicy(), "none")))
                        .toList()))
                .isEqualTo("""
                  - command:
                      - ship
                    name: shipper
                    restartPolicy: Always
                  - command:
                      - /scripts/restore-test.sh
                      - begin
                    name: begin
                    restartPolicy: none
                  - command:
                      - /scripts/restore-test.sh
                      - prove
                    name: prove
                    restartPolicy: none
                """);
    }

    private static Container container(PostgresqlHaSpec spec) {
        return pod(spec, "postgresql-health-check").getContainers().get(0);
    }

    private static <T> T last(List<T> all) {
        return all.get(all.size() - 1);
    }

    private static PodSpec pod(PostgresqlHaSpec spec, String name) {
        return PodSpecs.template(object(spec, name)).orElseThrow().getSpec();
    }

    /** The workload of this name. */
    private static HasMetadata object(PostgresqlHaSpec spec, String name) {
        return Plan.parts(Installation.of(spec)).stream()
                .flatMap(part -> part.objects().stream())
                .filter(object -> PodSpecs.template(object).isPresent())
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
