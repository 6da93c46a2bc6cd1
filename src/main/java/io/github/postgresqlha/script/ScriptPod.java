package io.github.postgresqlha.script;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.kubernetes.ComputeResources;
import io.github.postgresqlha.kubernetes.PodSkeleton;
import io.github.postgresqlha.kubernetes.Volumes;
import io.github.postgresqlha.postgresql.DatabaseRole;
import io.github.postgresqlha.spec.ResourcesSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A pod that runs one script beside the instances and connects to them as few roles as it can.
 *
 * @param component what it is; also its container's name
 * @param script what it runs
 * @param roles the database roles whose passwords it gets, no others
 * @param backups the backup volume, where the script works on it
 */
public record ScriptPod(
        Installation installation,
        Component component,
        Script script,
        List<DatabaseRole> roles,
        ScriptEnvironment environment,
        ResourcesSpec resources,
        Optional<BackupVolume> backups)
        implements JobPod {

    private static final String SCRATCH_LIMIT = "64Mi";
    private static final String DISK_REQUEST = "64Mi";
    private static final String DISK_LIMIT = "256Mi";

    public ScriptPod {
        roles = List.copyOf(roles);
    }

    /** The environment that every such pod starts from: how to connect, and where the password is. */
    public static ScriptEnvironment environment(Installation installation, Component component, DatabaseRole role) {
        ScriptEnvironment environment = new ScriptEnvironment()
                .set("PATH", installation.image().path())
                .set("LANG", "C.UTF-8")
                .set("PGPORT", "5432")
                .set("PGUSER", role.role())
                .set("PGAPPNAME", installation.names().name() + "-" + component.label())
                .set("POSTGRES_MAJOR", installation.image().version().toString())
                .set("PASSFILE_DIRECTORY", ScriptEnvironment.PASSFILE_DIRECTORY)
                .set("SECRET_DIRECTORY", ScriptEnvironment.SECRET_DIRECTORY);
        if (installation.requiresTls()) {
            environment
                    .set("PGSSLMODE", "verify-full")
                    .set("PGSSLROOTCERT", TlsVolume.authority())
                    .set("TLS_CA_FILE", TlsVolume.authority());
        }
        // Every connection of a job is one over TCP: no server is sent a password.
        return installation.image().version().knowsRequiredAuthentication()
                ? environment.set("PGREQUIREAUTH", "scram-sha-256")
                : environment;
    }

    @Override
    public PodTemplateSpec template(String restartPolicy) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels())
                .endMetadata()
                .withSpec(spec(restartPolicy))
                .build();
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new TreeMap<>(installation.labels().of(component));
        backups.ifPresent(volume -> labels.putAll(volume.labels()));
        return labels;
    }

    private PodSpec spec(String restartPolicy) {
        return PodSkeleton.job(installation, restartPolicy)
                .withAffinity(backups.map(BackupVolume::affinity).orElse(null))
                .withContainers(container())
                .withVolumes(volumes())
                .build();
    }

    private Container container() {
        return PodSkeleton.container(installation, component.label())
                .withCommand(script.mountPath())
                .withEnv(environment.variables())
                .withResources(ComputeResources.of(resources, DISK_REQUEST, DISK_LIMIT))
                .withVolumeMounts(mounts())
                .build();
    }

    private List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>(List.of(
                ScriptVolume.of(installation.names(), Scripts.ofProgram(script)),
                Volumes.secret(
                        "secret",
                        installation.secretName(),
                        roles.stream().map(DatabaseRole::secretKey).toList()),
                Volumes.scratch("tmp", SCRATCH_LIMIT),
                Volumes.passfiles()));
        TlsVolume.ofJob(installation).ifPresent(volumes::add);
        backups.ifPresent(backup -> volumes.add(backup.volume()));
        return volumes;
    }

    private List<VolumeMount> mounts() {
        List<VolumeMount> mounts = new ArrayList<>(List.of(
                ScriptVolume.mount(),
                Volumes.readOnlyMount("secret", ScriptEnvironment.SECRET_DIRECTORY),
                Volumes.mount("tmp", "/tmp"),
                Volumes.passfiles(ScriptEnvironment.PASSFILE_DIRECTORY)));
        TlsVolume.mount(installation).ifPresent(mounts::add);
        backups.ifPresent(backup -> mounts.add(backup.mount()));
        return mounts;
    }
}
