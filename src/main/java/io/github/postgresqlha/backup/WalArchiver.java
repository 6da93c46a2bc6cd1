package io.github.postgresqlha.backup;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.kubernetes.Checksum;
import io.github.postgresqlha.postgresql.DatabaseRole;
import io.github.postgresqlha.postgresql.ReplicationSlot;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.script.ScriptPod;
import io.github.postgresqlha.script.Scripts;
import java.util.List;
import java.util.Optional;

/**
 * The WAL archiver: it streams WAL from whichever instance is primary to the backup volume.
 *
 * <p>Two of it would fight for one replication slot, so the old pod ends before the new one starts. {@code replicas} is
 * left out, as in the StatefulSets.
 */
final class WalArchiver {

    private static final String SCRIPT = "wal/archive.sh";

    private WalArchiver() {}

    static Deployment of(Installation installation) {
        return new DeploymentBuilder()
                .withMetadata(installation.metadata(installation.names().walArchiver(), Component.WAL_ARCHIVER))
                .withNewSpec()
                .withNewStrategy()
                .withType("Recreate")
                .endStrategy()
                .withSelector(installation.labels().pods(Component.WAL_ARCHIVER))
                .withTemplate(template(installation))
                .endSpec()
                .build();
    }

    private static PodTemplateSpec template(Installation installation) {
        ScriptPod pod = new ScriptPod(
                installation,
                Component.WAL_ARCHIVER,
                Scripts.get(SCRIPT),
                List.of(DatabaseRole.REPLICATOR),
                environment(installation),
                installation.spec().backup().walArchive().resources(),
                Optional.of(BackupVolume.of(installation)));
        return new PodTemplateSpecBuilder(pod.template("Always"))
                .editMetadata()
                .addToAnnotations(Checksum.RESTART_ANNOTATION, Checksum.of(Scripts.program(SCRIPT)))
                .endMetadata()
                .editSpec()
                .editFirstContainer()
                .withLivenessProbe(heartbeat())
                .endContainer()
                .endSpec()
                .build();
    }

    private static ScriptEnvironment environment(Installation installation) {
        return ScriptPod.environment(installation, Component.WAL_ARCHIVER, DatabaseRole.REPLICATOR)
                .set("PGHOST", installation.memberHosts())
                .set("PGTARGETSESSIONATTRS", "read-write")
                .set("PGCONNECT_TIMEOUT", "5")
                .set("BACKUP_DIRECTORY", BackupVolume.DIRECTORY)
                .set("REPLICATION_SLOT", ReplicationSlot.WAL_ARCHIVER.name());
    }

    /** The archiver writes its heartbeat while it is connected and while it waits to try again. */
    private static Probe heartbeat() {
        return new ProbeBuilder()
                .withNewExec()
                .withCommand(Scripts.get(SCRIPT).mountPath(), "probe")
                .endExec()
                .withPeriodSeconds(30)
                .withFailureThreshold(3)
                .withTimeoutSeconds(5)
                .build();
    }
}
