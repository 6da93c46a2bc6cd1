package io.github.postgresqlha.backup;

import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.kubernetes.ComputeResources;
import io.github.postgresqlha.kubernetes.Volumes;
import io.github.postgresqlha.script.ScriptCronJob;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.script.Scripts;
import io.github.postgresqlha.script.VolumePod;
import io.github.postgresqlha.spec.RestoreTestSpec;
import java.util.List;

/**
 * The restore test, in three containers one after the other. What the middle one restores is foreign: it reads the backups and can
 * write nothing but its scratch volume and its result. The two around it never touch a restored database, and write the record.
 */
final class RestoreTestCronJob {

    private static final long DEADLINE_SECONDS = 12 * 60 * 60L;
    private static final String SCRATCH = "/var/lib/postgresql/scratch";
    private static final String RESULT = "/var/lib/postgresql/result";
    private static final String RESULT_LIMIT = "32Mi";
    private static final long LOGS_MEBIBYTES = 512;

    private RestoreTestCronJob() {}

    static CronJob of(Installation installation) {
        RestoreTestSpec spec = installation.spec().backup().restoreTest();
        BackupVolume volume = BackupVolume.of(installation);
        VolumePod pod = new VolumePod(
                installation,
                Component.RESTORE_TEST,
                installation.image().reference(),
                List.of(),
                Scripts.get("restore-test.sh"),
                environment(installation, spec),
                resources(spec),
                volume,
                List.of(
                        Volumes.scratch("scratch", spec.scratchSize().toString()),
                        Volumes.scratch("result", RESULT_LIMIT)),
                List.of(Volumes.mount("scratch", SCRATCH), Volumes.mount("result", RESULT), volume.readOnlyMount()));
        return new ScriptCronJob(
                        installation.names().restoreTest(),
                        new RestoreTestPod(
                                pod,
                                List.of(volume.proofMount()),
                                List.of(volume.proofMount(), Volumes.readOnlyMount("result", RESULT)),
                                recordEnvironment(installation)),
                        spec.schedule().text(),
                        DEADLINE_SECONDS,
                        0)
                .object();
    }

    /** The scratch disk is asked for, so that the scheduler and not a full node says where it does not fit. */
    private static ResourceRequirements resources(RestoreTestSpec spec) {
        long limit = (spec.scratchBytes() >> 20) + LOGS_MEBIBYTES;
        return ComputeResources.of(spec.resources(), spec.scratchSize().toString(), limit + "Mi");
    }

    private static ScriptEnvironment environment(Installation installation, RestoreTestSpec spec) {
        return programs(installation)
                .set("BACKUP_DIRECTORY", BackupVolume.DIRECTORY)
                .set("RESULT_DIRECTORY", RESULT)
                .set("SCRATCH_DIRECTORY", SCRATCH)
                .set("SCRATCH_BYTES", String.valueOf(spec.scratchBytes()))
                .set("DATABASE_NAME", installation.database().value())
                .set("DATABASE_OWNER", installation.owner().value())
                .set("POSTGRES_MAJOR", installation.image().version().toString())
                .set("BASE_BACKUPS", installation.archivesWal() ? "yes" : "no")
                .set("RESTORE_CHECKS", String.join("\n", spec.checks()));
    }

    private static ScriptEnvironment recordEnvironment(Installation installation) {
        return programs(installation)
                .set("PROOF_DIRECTORY", BackupVolume.PROOF_DIRECTORY)
                .set("RESULT_DIRECTORY", RESULT)
                .set("DEADLINE_SECONDS", String.valueOf(DEADLINE_SECONDS));
    }

    private static ScriptEnvironment programs(Installation installation) {
        return new ScriptEnvironment().set("PATH", installation.image().path()).set("LANG", "C.UTF-8");
    }
}
