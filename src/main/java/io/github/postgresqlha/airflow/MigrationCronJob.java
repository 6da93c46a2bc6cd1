package io.github.postgresqlha.airflow;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.ComputeResources;
import io.github.postgresqlha.kubernetes.Hardening;
import io.github.postgresqlha.kubernetes.Volumes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code airflow db migrate}, past the pooler, when the database answers. It is suspended: {@code migrate-airflow.sh} makes a Job of it,
 * after a backup and a restore point.
 */
record MigrationCronJob(Installation installation) {

    /** User and group of Airflow's image. */
    /** The key of the URL past the pooler. A program reads its file: an environment is shown in many places. */
    private static final String DIRECT = "connection-direct";

    private static final long AIRFLOW_USER = 50_000L;

    private static final long AIRFLOW_GROUP = 0L;

    /** Of an upgrade from 2 to 3 of a large database. */
    private static final long DEADLINE_SECONDS = 6 * 3600L;

    private static final String HOME = "/opt/airflow";
    private static final String DISK_REQUEST = "64Mi";
    private static final String DISK_LIMIT = "256Mi";

    CronJob object() {
        return new CronJobBuilder()
                .withMetadata(AirflowObjects.metadata(
                        installation, installation.names().airflowMigrate()))
                .withNewSpec()
                .withSuspend(true)
                .withSchedule("0 0 1 1 *")
                .withTimeZone("Etc/UTC")
                .withConcurrencyPolicy("Forbid")
                .withStartingDeadlineSeconds(300L)
                .withNewJobTemplate()
                .withNewSpec()
                .withBackoffLimit(0)
                .withActiveDeadlineSeconds(DEADLINE_SECONDS)
                .withTemplate(template())
                .endSpec()
                .endJobTemplate()
                .endSpec()
                .build();
    }

    /** It is a client as Airflow's own pods are, and none of the installation's. */
    private PodTemplateSpec template() {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(Map.of(
                        "tier",
                        "airflow",
                        "component",
                        "migrate",
                        installation.names().clientLabel(),
                        "true"))
                .endMetadata()
                .withSpec(pod())
                .build();
    }

    private PodSpec pod() {
        return new PodSpecBuilder()
                .withRestartPolicy("Never")
                .withServiceAccountName("default")
                .withHostUsers(installation.spec().podSecurity().hostUsers() ? null : false)
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(AIRFLOW_USER)
                .withRunAsGroup(AIRFLOW_GROUP)
                .withFsGroup(AIRFLOW_GROUP)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withImagePullSecrets(installation.image().pullSecrets().stream()
                        .map(LocalObjectReference::new)
                        .toList())
                .withInitContainers(container(
                        "wait-for-database", List.of("airflow", "db", "check", "--retry", "60", "--retry-delay", "2")))
                .withContainers(container("migrate", List.of("airflow", "db", "migrate")))
                .withVolumes(volumes())
                .build();
    }

    private Container container(String name, List<String> command) {
        return new ContainerBuilder()
                .withName(name)
                .withImage(installation.spec().airflow().image())
                .withImagePullPolicy(installation.image().pullPolicy().toString())
                .withSecurityContext(Hardening.container())
                .withCommand(command)
                .withEnvFrom(new EnvFromSourceBuilder()
                        .withNewConfigMapRef()
                        .withName(installation.names().airflowEnvironment())
                        .endConfigMapRef()
                        .build())
                .withEnv(
                        new EnvVarBuilder()
                                .withName("AIRFLOW_HOME")
                                .withValue(HOME)
                                .build(),
                        new EnvVarBuilder()
                                .withName("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD")
                                .withValue("cat /connection/" + DIRECT)
                                .build())
                .withResources(ComputeResources.of(installation.spec().airflow().resources(), DISK_REQUEST, DISK_LIMIT))
                .withVolumeMounts(mounts())
                .build();
    }

    private List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>(List.of(
                Volumes.scratch("tmp", DISK_REQUEST),
                Volumes.scratch("home", DISK_REQUEST),
                Volumes.configMap("settings", installation.names().airflowSettings()),
                Volumes.secret("connection", installation.names().airflow(), List.of(DIRECT))));
        volumes.addAll(AirflowMounts.volumes(installation));
        return volumes;
    }

    private List<VolumeMount> mounts() {
        List<VolumeMount> mounts = new ArrayList<>(List.of(
                Volumes.mount("tmp", "/tmp"),
                Volumes.mount("home", HOME),
                Volumes.readOnlyMount("connection", "/connection"),
                Volumes.readOnlyMount("settings", HOME + "/config")));
        mounts.addAll(AirflowMounts.mounts(installation));
        return mounts;
    }
}
