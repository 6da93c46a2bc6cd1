package io.github.postgresqlha.backup;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.script.ScriptCronJob;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.script.ScriptPod;
import io.github.postgresqlha.script.Scripts;
import java.util.Optional;

/** The nightly dump, which also removes what its retention no longer keeps. */
final class BackupCronJob {

    private static final String ROLE = "backup";
    private static final long DEADLINE_SECONDS = 4 * 60 * 60L;
    private static final int RETRIES = 2;

    private BackupCronJob() {}

    static CronJob of(Installation installation, BackupVolume volume, BackupScheduleSpec spec) {
        ScriptPod pod = new ScriptPod(
                installation,
                Component.BACKUP,
                Scripts.get("backup.sh"),
                ROLE,
                environment(installation, spec),
                spec.resources(),
                Optional.of(volume));
        return new ScriptCronJob(
                        installation.names().backup(), pod, spec.schedule().text(), DEADLINE_SECONDS, RETRIES)
                .object();
    }

    private static ScriptEnvironment environment(Installation installation, BackupScheduleSpec spec) {
        return ScriptPod.environment(installation, Component.BACKUP, ROLE)
                .set("PGHOST", installation.memberHosts())
                .set("PGTARGETSESSIONATTRS", "read-write")
                .set("PGDATABASE", installation.database().value())
                .set("PGCONNECT_TIMEOUT", "5")
                .set("BACKUP_DIRECTORY", BackupVolume.DIRECTORY)
                .set("BACKUP_RETENTION_DAYS", String.valueOf(spec.retentionDays()))
                .set("BACKUP_RETENTION_MINIMUM", String.valueOf(spec.retentionMinimum()));
    }
}
