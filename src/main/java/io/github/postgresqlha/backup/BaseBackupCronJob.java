package io.github.postgresqlha.backup;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.script.ScriptCronJob;
import io.github.postgresqlha.script.ScriptPod;
import io.github.postgresqlha.script.Scripts;
import java.util.Optional;

/** The base backup at its intervals; retention follows each. */
final class BaseBackupCronJob {

    private static final long DEADLINE_SECONDS = 12 * 60 * 60L;
    private static final int RETRIES = 2;

    private BaseBackupCronJob() {}

    static CronJob of(Installation installation, BackupVolume volume, BackupScheduleSpec spec) {
        ScriptPod pod = new ScriptPod(
                installation,
                Component.BASE_BACKUP,
                Scripts.get("base-backup.sh"),
                BackupCronJob.roles(true),
                BackupCronJob.environment(installation, Component.BASE_BACKUP, spec),
                spec.base().resources(),
                Optional.of(volume));
        return new ScriptCronJob(
                        installation.names().baseBackup(),
                        pod,
                        spec.base().schedule().text(),
                        DEADLINE_SECONDS,
                        RETRIES)
                .object();
    }
}
