package io.github.postgresqlha.database;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.github.postgresqlha.credentials.PasswordFiles;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.BootstrapSource;
import io.github.postgresqlha.kubernetes.ImportSource;
import io.github.postgresqlha.kubernetes.Volumes;
import io.github.postgresqlha.metrics.Exporter;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.script.ScriptVolume;
import io.github.postgresqlha.script.Scripts;
import io.github.postgresqlha.script.TlsVolume;
import java.util.ArrayList;
import java.util.List;

/** The volumes of an instance: its claims, what it is told, and the few places that a read-only root leaves writable. */
final class InstanceVolumes {

    private static final String TMP_LIMIT = "512Mi";
    private static final String SOCKET_LIMIT = "16Mi";
    /** Parallel queries exchange their rows there. */
    private static final String SHARED_MEMORY_LIMIT = "256Mi";

    /** Behind data, WAL and configuration. */
    private static final int CONFIG_NEXT = 3;

    private InstanceVolumes() {}

    static List<Volume> volumes(Instance instance) {
        Installation installation = instance.installation();
        List<Volume> volumes = new ArrayList<>(List.of(
                Volumes.claim("data", instance.member().dataClaim()),
                Volumes.claim("wal", instance.member().walClaim()),
                Volumes.configMap("config", installation.names().config()),
                ScriptVolume.of(
                        installation.names(),
                        Scripts.ofMember(installation.spec().failover())),
                Volumes.scratch("tmp", TMP_LIMIT),
                Volumes.scratch("run", SOCKET_LIMIT),
                Volumes.passfiles(),
                Volumes.memory("shm", SHARED_MEMORY_LIMIT)));
        TlsVolume.ofMember(installation).ifPresent(volumes::add);
        volumes.addAll(CONFIG_NEXT, PasswordFiles.ofMember(installation).volumes());
        instance.backups().ifPresent(backup -> volumes.add(backup.volume()));
        instance.bootstrap().flatMap(BootstrapSource::volume).ifPresent(volumes::add);
        instance.imported().map(ImportSource::volume).ifPresent(volumes::add);
        volumes.addAll(Exporter.volumes(installation));
        return volumes;
    }

    static List<VolumeMount> mounts(Instance instance) {
        Installation installation = instance.installation();
        List<VolumeMount> mounts = new ArrayList<>(List.of(
                Volumes.mount("data", ScriptEnvironment.DATA_MOUNT),
                Volumes.mount("wal", ScriptEnvironment.WAL_DIRECTORY),
                Volumes.readOnlyMount("config", ScriptEnvironment.CONFIG_DIRECTORY),
                ScriptVolume.mount(),
                Volumes.mount("tmp", "/tmp"),
                Volumes.mount("run", ScriptEnvironment.SOCKET_DIRECTORY),
                Volumes.passfiles(ScriptEnvironment.PASSFILE_DIRECTORY),
                Volumes.mount("shm", "/dev/shm")));
        TlsVolume.mount(installation).ifPresent(mounts::add);
        mounts.addAll(CONFIG_NEXT, PasswordFiles.ofMember(installation).mounts(ScriptEnvironment.SECRET_DIRECTORY));
        instance.backups().ifPresent(backup -> {
            mounts.add(backup.readOnlyMount());
            if (installation.spec().backup().offsite().isPresent()) {
                mounts.add(backup.requestsMount());
            }
        });
        instance.bootstrap().flatMap(BootstrapSource::mount).ifPresent(mounts::add);
        instance.imported().map(ImportSource::mount).ifPresent(mounts::add);
        return mounts;
    }
}
