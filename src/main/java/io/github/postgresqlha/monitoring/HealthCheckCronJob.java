package io.github.postgresqlha.monitoring;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.postgresql.DatabaseRole;
import io.github.postgresqlha.postgresql.ReplicationSlot;
import io.github.postgresqlha.script.ScriptCronJob;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.script.ScriptPod;
import io.github.postgresqlha.script.Scripts;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.HealthMonitorSpec;
import java.util.List;
import java.util.Optional;

/**
 * The periodic health check. It asks both instances by SQL and needs no volume, so it runs on any node, also while the
 * one with the backups is away.
 */
public final class HealthCheckCronJob {

    private static final long DEADLINE_SECONDS = 120L;

    private HealthCheckCronJob() {}

    /** That of an installation. */
    public static CronJob of(Installation installation) {
        HealthMonitorSpec spec = installation.spec().healthMonitor();
        ScriptPod pod = new ScriptPod(
                installation,
                Component.HEALTH_CHECK,
                Scripts.get("health-check.sh"),
                List.of(DatabaseRole.MONITOR),
                environment(installation),
                spec.resources(),
                Optional.empty());
        return new ScriptCronJob(
                        installation.names().healthCheck(), pod, spec.schedule().text(), DEADLINE_SECONDS, 0)
                .object();
    }

    private static ScriptEnvironment environment(Installation installation) {
        HealthMonitorSpec spec = installation.spec().healthMonitor();
        BackupScheduleSpec backup = installation.spec().backup();
        ScriptEnvironment environment = ScriptPod.environment(
                        installation, Component.HEALTH_CHECK, DatabaseRole.MONITOR)
                .set("MEMBER_HOSTS", installation.memberHosts());
        environment
                .set("REPLICATION_LAG_MAX_BYTES", String.valueOf(spec.replicationLagMaxBytes()))
                .set("REPLICATION_LAG_MAX_SECONDS", String.valueOf(spec.replicationLagMaxSeconds()))
                .set("CONNECTIONS_MAX_PERCENT", String.valueOf(spec.connectionsMaxPercent()))
                .set("DISK_MAX_PERCENT", String.valueOf(spec.diskMaxPercent()))
                .set("BACKUP_MAX_AGE_HOURS", String.valueOf(spec.backupMaxAgeHours()))
                .set(
                        "MINIMUM_MINOR",
                        String.valueOf(spec.minimumMinor()
                                .orElse(installation.spec().postgresVersion().minimumMinor())));
        if (installation.hasTls()) {
            environment.set("CERTIFICATE_MIN_DAYS", String.valueOf(spec.certificateMinDays()));
        }
        backup.baseBackupGap()
                .ifPresent(gap -> environment.set("BASE_BACKUP_MAX_AGE_HOURS", String.valueOf(2 * gap.toHours())));
        if (installation.archivesWal()) {
            environment.set("WAL_ARCHIVER_SLOT", ReplicationSlot.WAL_ARCHIVER.name());
        }
        if (backup.restoreTest().enabled()) {
            environment.set(
                    "RESTORE_TEST_MAX_AGE_DAYS",
                    String.valueOf(backup.restoreTest().maxAgeDays()));
        }
        backup.offsite()
                .ifPresent(copy -> environment.set("OFFSITE_MAX_AGE_MINUTES", String.valueOf(copy.maxAgeMinutes())));
        return environment;
    }
}
