package io.github.postgresqlha.backup;

import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.ComputeResources;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.kubernetes.Volumes;
import io.github.postgresqlha.script.ScriptCronJob;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.script.Scripts;
import io.github.postgresqlha.script.VolumePod;
import java.util.List;

/**
 * The restore test. It has the backup volume twice: to read backups where it cannot change them, and to write what it
 * proved. No policy lets it talk to anybody.
 */
final class RestoreTestCronJob {

    private static final long DEADLINE_SECONDS = 12 * 60 * 60L;
    private static final String SCRATCH = "/var/lib/postgresql/scratch";
    private static final String PROOF_VOLUME = "/var/lib/postgresql/proof";
    private static final long LOGS_MEBIBYTES = 512;

    private RestoreTestCronJob() {}

    static CronJob of(Installation installation, BackupVolume volume, RestoreTestSpec spec) {
        VolumePod pod = new VolumePod(
                installation,
                Component.RESTORE_TEST,
                installation.image().reference(),
                List.of(),
                Scripts.get("restore-test.sh"),
                environment(installation, spec),
                resources(spec),
                volume,
                List.of(Volumes.scratch("scratch", spec.scratchSize().toString())),
                List.of(
                        Volumes.mount("scratch", SCRATCH),
                        new VolumeMountBuilder(volume.mount())
                                .withReadOnly(true)
                                .build(),
                        new VolumeMountBuilder(volume.mount())
                                .withMountPath(PROOF_VOLUME)
                                .build()));
        return new ScriptCronJob(
                        installation.names().restoreTest(), pod, spec.schedule().text(), DEADLINE_SECONDS, 0)
                .object();
    }

    /** The scratch disk is asked for, so that the scheduler and not a full node says where it does not fit. */
    private static ResourceRequirements resources(RestoreTestSpec spec) {
        long limit = (spec.scratchBytes() >> 20) + LOGS_MEBIBYTES;
        return ComputeResources.of(spec.resources(), spec.scratchSize().toString(), limit + "Mi");
    }

    private static ScriptEnvironment environment(Installation installation, RestoreTestSpec spec) {
        return new ScriptEnvironment()
                .set("PATH", installation.image().path())
                .set("LANG", "C.UTF-8")
                .set("BACKUP_DIRECTORY", BackupVolume.DIRECTORY)
                .set("PROOF_DIRECTORY", PROOF_VOLUME + "/proof")
                .set("SCRATCH_DIRECTORY", SCRATCH)
                .set("SCRATCH_BYTES", String.valueOf(spec.scratchBytes()))
                .set("DATABASE_NAME", installation.database().value())
                .set("POSTGRES_MAJOR", installation.image().version().toString())
                .set("BASE_BACKUPS", installation.archivesWal() ? "yes" : "no")
                .set("RESTORE_CHECKS", String.join("\n", spec.checks()));
    }
}
