package io.github.postgresqlha.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobSpecBuilder;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.PodSpecs;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.testing.Examples;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EditsTest {

    @Test
    void reach_the_pods_of_all_workloads() {
        List<HasMetadata> objects = objects(Edits.of(PodSpecBuilder.class, pod -> pod.withRuntimeClassName("gvisor")));
        assertThat(objects.stream().flatMap(object -> PodSpecs.template(object).stream()))
                .hasSize(8)
                .allSatisfy(
                        pod -> assertThat(pod.getSpec().getRuntimeClassName()).isEqualTo("gvisor"));
    }

    @Test
    void reach_only_the_objects_that_they_are_for() {
        Edits edits = Edits.of(
                        ServiceBuilder.class,
                        service -> service.editSpec()
                                .withSessionAffinity("ClientIP")
                                .endSpec())
                .where(object -> object.getMetadata().getName().equals("postgresql-primary"));
        assertThat(objects(edits).stream().filter(object -> object.toString().contains("ClientIP")))
                .singleElement()
                .extracting(HasMetadata::getKind)
                .isEqualTo("Service");
    }

    @Test
    void are_made_by_builders() {
        assertThatThrownBy(() -> Edits.of(PodSpec.class, pod -> pod.setRuntimeClassName("gvisor")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be a builder of fabric8, got PodSpec; write it like PodSpecBuilder.class");
    }

    @Test
    void change_nothing_of_the_objects_before() {
        HasMetadata object = objects(Edits.none()).get(0);
        HasMetadata edited = Edits.of(ObjectMetaBuilder.class, metadata -> metadata.addToLabels("team", "data"))
                .apply(object);
        assertThat(edited.getMetadata().getLabels()).containsEntry("team", "data");
        assertThat(object.getMetadata().getLabels()).doesNotContainKey("team");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("harmless")
    void may_change_what_is_free(String what, Edits edits) {
        assertThat(objects(edits)).as(what).isNotEmpty();
    }

    static Stream<Arguments> harmless() {
        return Stream.of(
                Arguments.of("resources", containers(container -> container.withResources(null))),
                Arguments.of(
                        "times of probes",
                        Edits.of(
                                StatefulSetBuilder.class,
                                set -> set.editSpec()
                                        .editTemplate()
                                        .editSpec()
                                        .editFirstContainer()
                                        .editLivenessProbe()
                                        .withPeriodSeconds(30)
                                        .endLivenessProbe()
                                        .endContainer()
                                        .endSpec()
                                        .endTemplate()
                                        .endSpec())),
                Arguments.of(
                        "a container of one's own, as another user",
                        Edits.of(
                                PodSpecBuilder.class,
                                pod -> pod.addNewContainer()
                                        .withName("mine")
                                        .withArgs("x")
                                        .withNewSecurityContext()
                                        .withRunAsUser(1L)
                                        .endSecurityContext()
                                        .endContainer())),
                Arguments.of(
                        "a Service's type",
                        Edits.of(
                                        ServiceBuilder.class,
                                        service -> service.editSpec()
                                                .withType("NodePort")
                                                .endSpec())
                                .where(object -> object.getMetadata().getName().equals("postgresql-primary"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("harmful")
    void are_refused_where_they_break_the_product(String message, Edits edits) {
        assertThatThrownBy(() -> objects(edits))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageStartingWith("invalid edits, ")
                .hasMessageContaining(message);
    }

    static Stream<Arguments> harmful() {
        return Stream.of(
                Arguments.of(
                        "StatefulSet postgresql-primary: spec.selector.matchLabels.more: must not be set, got x:"
                                + " Services, policies and workloads find the pods by it; leave it as it is",
                        Edits.of(
                                StatefulSetBuilder.class,
                                set -> set.editSpec()
                                        .editSelector()
                                        .addToMatchLabels("more", "x")
                                        .endSelector()
                                        .endSpec())),
                Arguments.of(
                        "spec.replicas: must not be set, got 2: each member is one pod",
                        Edits.of(
                                StatefulSetBuilder.class,
                                set -> set.editSpec().withReplicas(2).endSpec())),
                Arguments.of(
                        "spec.template.spec.volumes[data]: must stay ",
                        Edits.of(
                                PodSpecBuilder.class,
                                pod -> pod.removeMatchingFromVolumes(volume -> "data".equals(volume.getName())))),
                Arguments.of(
                        "containers[postgresql].command: must stay [/scripts/instance.sh], got [sleep]:"
                                + " it is how the product's programs start and stop",
                        containers(container -> container.withCommand("sleep"))),
                Arguments.of(
                        "containers[postgresql].args: must not be set, got [x]: it is how",
                        containers(container -> container.withArgs("x"))),
                Arguments.of(
                        "spec.template.spec.securityContext.runAsUser: must stay 999, got 0:"
                                + " the data belong to user 999",
                        Edits.of(
                                PodSpecBuilder.class,
                                pod -> pod.editSecurityContext()
                                        .withRunAsUser(0L)
                                        .endSecurityContext())),
                Arguments.of(
                        "containers[postgresql].securityContext.privileged: must not be set, got true",
                        containers(container -> container
                                .editSecurityContext()
                                .withPrivileged(true)
                                .endSecurityContext())),
                Arguments.of(
                        "containers[postgresql]: must stay ",
                        Edits.of(
                                PodSpecBuilder.class,
                                pod -> pod.removeMatchingFromContainers(
                                        container -> "postgresql".equals(container.getName())))),
                Arguments.of(
                        "containers[postgresql].image: must stay postgres:17, got busybox: the image is a key",
                        containers(container -> container.withImage("busybox"))),
                Arguments.of(
                        "metadata.labels.app.kubernetes.io/instance: must stay postgresql, got other",
                        Edits.of(
                                ObjectMetaBuilder.class,
                                metadata -> metadata.addToLabels("app.kubernetes.io/instance", "other"))),
                Arguments.of(
                        "metadata.name: must stay postgresql-peers, got other",
                        Edits.of(
                                ServiceBuilder.class,
                                service ->
                                        service.editMetadata().withName("other").endMetadata())),
                Arguments.of(
                        "spec.template.spec.hostNetwork: must not be set, got true",
                        Edits.of(PodSpecBuilder.class, pod -> pod.withHostNetwork(true))),
                Arguments.of(
                        "volumeMounts[/scripts/bin]: must not lie within another mount or around it",
                        containers(container -> container.addToVolumeMounts(
                                new VolumeMount("/scripts/bin", null, "tmp", null, null, null, null)))),
                Arguments.of(
                        "volumeMounts[/var/lib/postgresql/data].subPath: must not be set, got mine",
                        Edits.of(
                                VolumeMountBuilder.class,
                                mount -> mount.withSubPath(
                                        "data".equals(mount.getName()) ? "mine" : mount.getSubPath()))),
                Arguments.of(
                        "containers[postgresql].envFrom: must not be set, got [{configMapRef={name=mine}}]",
                        containers(container -> container
                                .addNewEnvFrom()
                                .withNewConfigMapRef("mine", null)
                                .endEnvFrom())),
                Arguments.of(
                        "StatefulSet postgresql-primary: containers[postgresql].env[0]:"
                                + " is read by the product's programs, got 'PGHOST'",
                        containers(container -> container.addToEnv(new EnvVar("PGHOST", "elsewhere", null)))),
                Arguments.of(
                        "CronJob postgresql-backup: spec.schedule: must stay 0 2 * * *, got 0 4 * * *:"
                                + " it is a key of the specification",
                        Edits.of(CronJobSpecBuilder.class, job -> job.withSchedule("0 4 * * *"))),
                Arguments.of(
                        "Secret postgresql-secret: stringData.postgres-password: must not be set, got geheim:"
                                + " files and scripts come from the specification, and dist/ holds no password",
                        Edits.of(
                                SecretBuilder.class, secret -> secret.addToStringData("postgres-password", "geheim"))));
    }

    private static Edits containers(Consumer<ContainerBuilder> change) {
        return Edits.of(ContainerBuilder.class, change);
    }

    private static List<HasMetadata> objects(Edits edits) {
        return Plan.parts(Installation.of(Examples.standard()), edits).stream()
                .flatMap(part -> part.objects().stream())
                .toList();
    }
}
