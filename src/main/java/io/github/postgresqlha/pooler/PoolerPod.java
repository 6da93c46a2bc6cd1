package io.github.postgresqlha.pooler;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.github.postgresqlha.credentials.PasswordFiles;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.Checksum;
import io.github.postgresqlha.kubernetes.ComputeResources;
import io.github.postgresqlha.kubernetes.PodSkeleton;
import io.github.postgresqlha.kubernetes.Ports;
import io.github.postgresqlha.kubernetes.Volumes;
import io.github.postgresqlha.script.Script;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.script.ScriptVolume;
import io.github.postgresqlha.script.Scripts;
import io.github.postgresqlha.script.TlsVolume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A pod: PgBouncer, a second one for readers, and beside them, in the members' image, the script that tells them where the primary is. It starts
 * before them and ends after them.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/">Sidecar containers</a>
 */
record PoolerPod(Installation installation) {

    /** The two pools: names of ports, and of folders in memory. */
    static final String WRITE = "write";

    static final String READ = "read";

    private static final Script FOLLOW = Scripts.get("pooler/follow.sh");
    private static final Script STOP = Scripts.get("pooler/stop.sh");
    private static final String SETTINGS = "settings";
    static final String SETTINGS_FOLDER = "/etc/pgbouncer";
    private static final String DISK_REQUEST = "16Mi";
    private static final String DISK_LIMIT = "64Mi";

    /** While Services still send new clients, and for the last transactions. */
    private static final int STOP_MARGIN_SECONDS = 25;

    PodTemplateSpec template(Affinity affinity) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(installation.labels().of(Component.POOLER))
                .withAnnotations(annotations())
                .endMetadata()
                .withSpec(PodSkeleton.job(installation, "Always")
                        .withAffinity(affinity)
                        .withTerminationGracePeriodSeconds(stopWait() + STOP_MARGIN_SECONDS)
                        .withInitContainers(follower())
                        .withContainers(poolers())
                        .withVolumes(volumes())
                        .build())
                .build();
    }

    private Map<String, String> annotations() {
        Map<String, String> annotations =
                new TreeMap<>(passwords().annotations(ScriptEnvironment.SECRET_DIRECTORY, false));
        annotations.put(
                Checksum.RESTART_ANNOTATION,
                Checksum.of(
                        Scripts.program(FOLLOW.path()),
                        // PgBouncer keeps what it knows of a client by the former one.
                        installation.spec().authentication().toString()));
        return annotations;
    }

    private PasswordFiles passwords() {
        return PasswordFiles.ofPooler(installation);
    }

    private long stopWait() {
        return installation.spec().pooler().stopWaitSeconds();
    }

    private boolean reads() {
        return installation.spec().pooler().readOnly();
    }

    private Container follower() {
        List<VolumeMount> mounts = new ArrayList<>(List.of(
                ScriptVolume.mount(),
                Volumes.readOnlyMount(SETTINGS, SETTINGS_FOLDER),
                Volumes.passfiles(ScriptEnvironment.PASSFILE_DIRECTORY),
                Volumes.mount("tmp", "/tmp")));
        mounts.addAll(1, passwords().mounts(ScriptEnvironment.SECRET_DIRECTORY));
        TlsVolume.mount(installation).ifPresent(mounts::add);
        return PodSkeleton.container(installation, "follower")
                .withCommand(FOLLOW.mountPath())
                .withEnv(FollowerEnvironment.of(installation).variables())
                .withRestartPolicy("Always")
                .withStartupProbe(lives(1, 120))
                .withLivenessProbe(lives(20, 3))
                .withResources(ComputeResources.small())
                .withVolumeMounts(mounts)
                .build();
    }

    private List<Container> poolers() {
        return reads()
                ? List.of(
                        pooler("pgbouncer", PoolerConfiguration.FILE, WRITE, Ports.POOLER),
                        pooler("pgbouncer-read", PoolerConfiguration.READ_FILE, READ, Ports.POOLER_READ))
                : List.of(pooler("pgbouncer", PoolerConfiguration.FILE, WRITE, Ports.POOLER));
    }

    private Container pooler(String name, String file, String port, int number) {
        return PodSkeleton.container(installation, name)
                .withImage(installation.spec().pooler().image())
                .withCommand("pgbouncer", SETTINGS_FOLDER + "/" + file)
                .withEnv(new ScriptEnvironment()
                        .set("POOL_DIRECTORY", ScriptEnvironment.PASSFILE_DIRECTORY + "/" + port)
                        .set("STOP_SECONDS", String.valueOf(stopWait() + STOP_MARGIN_SECONDS))
                        .variables())
                .addNewPort()
                .withName(port)
                .withContainerPort(number)
                .withProtocol("TCP")
                .endPort()
                .withReadinessProbe(listens(port, 5, 1))
                .withLivenessProbe(listens(port, 10, 6))
                .withNewLifecycle()
                .withNewPreStop()
                .withNewExec()
                .withCommand(STOP.mountPath())
                .endExec()
                .endPreStop()
                .endLifecycle()
                .withResources(ComputeResources.of(installation.spec().pooler().resources(), DISK_REQUEST, DISK_LIMIT))
                .withVolumeMounts(
                        ScriptVolume.mount(),
                        Volumes.readOnlyMount(SETTINGS, SETTINGS_FOLDER),
                        Volumes.passfiles(ScriptEnvironment.PASSFILE_DIRECTORY))
                .build();
    }

    private static Probe lives(int period, int failures) {
        return new ProbeBuilder()
                .withNewExec()
                .withCommand(FOLLOW.mountPath(), "probe")
                .endExec()
                .withPeriodSeconds(period)
                .withFailureThreshold(failures)
                .withTimeoutSeconds(5)
                .build();
    }

    /** One that cannot bind its port stays up on its socket and says so in its log alone: what counts is that it listens. */
    private static Probe listens(String port, int period, int failures) {
        return new ProbeBuilder()
                .withNewTcpSocket()
                .withPort(new IntOrString(port))
                .endTcpSocket()
                .withPeriodSeconds(period)
                .withFailureThreshold(failures)
                .withTimeoutSeconds(5)
                .build();
    }

    private List<Volume> volumes() {
        List<Script> scripts = new ArrayList<>(Scripts.ofProgram(FOLLOW));
        scripts.add(STOP);
        List<Volume> volumes = new ArrayList<>(List.of(
                ScriptVolume.of(installation.names(), scripts),
                Volumes.configMap(SETTINGS, installation.names().pooler()),
                Volumes.passfiles(),
                Volumes.scratch("tmp", "16Mi")));
        volumes.addAll(1, passwords().volumes());
        TlsVolume.ofMember(installation).ifPresent(volumes::add);
        return volumes;
    }
}
