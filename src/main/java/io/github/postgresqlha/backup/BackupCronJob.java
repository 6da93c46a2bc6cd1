package io.github.postgresqlha.backup;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.postgresql.DatabaseRole;
import io.github.postgresqlha.script.ScriptCronJob;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.script.ScriptPod;
import io.github.postgresqlha.script.Scripts;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import java.util.List;
import java.util.Optional;

/** The nightly dump. It also removes what retention no longer keeps, and takes a base backup where there is none. */
final class BackupCronJob {

    private static final long DEADLINE_SECONDS = 4 * 60 * 60L;
    private static final int RETRIES = 2;

    private BackupCronJob() {}

    static CronJob of(Installation installation) {
        BackupScheduleSpec spec = installation.spec().backup();
        ScriptEnvironment environment = environment(installation, Component.BACKUP);
        if (!spec.databases().isEmpty()) {
            environment.set("BACKUP_DATABASES", String.join(",", spec.databases()));
        }
        ScriptPod pod = new ScriptPod(
                installation,
                Component.BACKUP,
                Scripts.get("backup.sh"),
                roles(installation.takesBaseBackups()),
                environment,
                spec.resources(),
                Optional.of(BackupVolume.of(installation)));
        return new ScriptCronJob(
                        installation.names().backup(), pod, spec.schedule().text(), DEADLINE_SECONDS, RETRIES)
                .object();
    }

    /** A base backup is copied as replicator. */
    static List<DatabaseRole> roles(boolean base) {
        return base ? List.of(DatabaseRole.BACKUP, DatabaseRole.REPLICATOR) : List.of(DatabaseRole.BACKUP);
    }

    static ScriptEnvironment environment(Installation installation, Component component) {
        BackupScheduleSpec spec = installation.spec().backup();
        ScriptEnvironment environment = ScriptPod.environment(installation, component, DatabaseRole.BACKUP)
                .set("PGHOST", installation.memberHosts())
                .set("PGTARGETSESSIONATTRS", "read-write")
                .set("PGDATABASE", installation.database().value())
                .set("PGCONNECT_TIMEOUT", "5")
                .set("BACKUP_DIRECTORY", BackupVolume.DIRECTORY)
                .set("BACKUP_RETENTION_DAYS", String.valueOf(spec.retentionDays()))
                .set("BACKUP_RETENTION_MINIMUM", String.valueOf(spec.retentionMinimum()));
        if (installation.takesBaseBackups()) {
            environment.set("BASE_BACKUP_KEEP", String.valueOf(spec.base().keep()));
        }
        return environment;
    }
}
