package io.github.postgresqlha.backup;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.script.ScriptCronJob;
import io.github.postgresqlha.script.ScriptPod;
import io.github.postgresqlha.script.Scripts;
import io.github.postgresqlha.spec.BaseBackupSpec;
import java.util.Optional;

/** The base backup at its intervals; retention follows each. */
final class BaseBackupCronJob {

    private static final long DEADLINE_SECONDS = 12 * 60 * 60L;
    private static final int RETRIES = 2;

    private BaseBackupCronJob() {}

    static CronJob of(Installation installation) {
        BaseBackupSpec spec = installation.spec().backup().base();
        ScriptPod pod = new ScriptPod(
                installation,
                Component.BASE_BACKUP,
                Scripts.get("base-backup.sh"),
                BackupCronJob.roles(true),
                BackupCronJob.environment(installation, Component.BASE_BACKUP),
                spec.resources(),
                Optional.of(BackupVolume.of(installation)));
        return new ScriptCronJob(
                        installation.names().baseBackup(), pod, spec.schedule().text(), DEADLINE_SECONDS, RETRIES)
                .object();
    }
}
