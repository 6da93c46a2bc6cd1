package io.github.postgresqlha.monitoring;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.Checksum;
import io.github.postgresqlha.postgresql.ReplicationSlot;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.HealthMonitorSpec;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the health check calls healthy, as variables of its script. Its Job has them in its environment. A member has them in a file beside
 * its configuration, so that they are the same by {@code kubectl exec}, and a change of them restarts nothing.
 */
public final class HealthCheckLimits {

    /** The file's name. */
    public static final String FILE = "health.env";

    private HealthCheckLimits() {}

    /** Those of an installation, sorted by name. */
    public static SortedMap<String, String> of(Installation installation) {
        SortedMap<String, String> limits = ofMembers(installation.spec().healthMonitor());
        limits.put(
                "MINIMUM_MINOR",
                String.valueOf(installation
                        .spec()
                        .healthMonitor()
                        .minimumMinor()
                        .orElse(installation.spec().postgresVersion().minimumMinor())));
        if (installation.hasTls()) {
            limits.put(
                    "CERTIFICATE_MIN_DAYS",
                    String.valueOf(installation.spec().healthMonitor().certificateMinDays()));
        }
        limits.putAll(ofBackups(installation));
        return limits;
    }

    /**
     * The file of a configuration, with the checksum of its other files: a supervisor sees by it that somebody has changed them by hand.
     *
     * @param files the other files, by name
     */
    public static String file(Installation installation, SortedMap<String, String> files) {
        StringBuilder text =
                new StringBuilder("# What health-check.sh calls healthy, from healthMonitor of the specification.\n");
        Map<String, String> all = new TreeMap<>(of(installation));
        all.put("CONFIGURATION_SUM", Checksum.of(String.join("", files.values())));
        all.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
        return text.toString();
    }

    private static SortedMap<String, String> ofMembers(HealthMonitorSpec spec) {
        SortedMap<String, String> limits = new TreeMap<>();
        limits.put("REPLICATION_LAG_MAX_BYTES", String.valueOf(spec.replicationLagMaxBytes()));
        limits.put("REPLICATION_LAG_MAX_SECONDS", String.valueOf(spec.replicationLagMaxSeconds()));
        limits.put("CONNECTIONS_MAX_PERCENT", String.valueOf(spec.connectionsMaxPercent()));
        limits.put("DISK_MAX_PERCENT", String.valueOf(spec.diskMaxPercent()));
        limits.put("CPU_MAX_PERCENT", String.valueOf(spec.cpuMaxPercent()));
        limits.put("MEMORY_MAX_PERCENT", String.valueOf(spec.memoryMaxPercent()));
        limits.put("CACHE_HIT_MIN_PERCENT", String.valueOf(spec.cacheHitMinPercent()));
        limits.put("CACHE_HIT_MIN_BLOCKS", String.valueOf(spec.cacheHitMinBlocks()));
        limits.put("DISK_FORECAST_MIN_HOURS", String.valueOf(spec.diskForecastMinHours()));
        limits.put("TRANSACTION_MAX_MINUTES", String.valueOf(spec.transactionMaxMinutes()));
        limits.put("IDLE_IN_TRANSACTION_MAX_MINUTES", String.valueOf(spec.idleInTransactionMaxMinutes()));
        limits.put("LOCK_WAIT_MAX_SECONDS", String.valueOf(spec.lockWaitMaxSeconds()));
        limits.put("IDLE_SESSIONS_MAX_PERCENT", String.valueOf(spec.idleSessionsMaxPercent()));
        limits.put("IDLE_SESSION_MINUTES", String.valueOf(spec.idleSessionMinutes()));
        limits.put("DEAD_ROWS_MAX_PERCENT", String.valueOf(spec.deadRowsMaxPercent()));
        limits.put("BLOAT_MAX_PERCENT", String.valueOf(spec.bloatMaxPercent()));
        limits.put("TRANSACTION_ID_MAX_AGE", String.valueOf(spec.transactionIdMaxAge()));
        limits.put("RECOVERY_CONFLICTS_MAX_PER_HOUR", String.valueOf(spec.recoveryConflictsMaxPerHour()));
        limits.put("MAINTENANCE_MAX_MINUTES", String.valueOf(spec.maintenanceMaxMinutes()));
        return limits;
    }

    private static Map<String, String> ofBackups(Installation installation) {
        BackupScheduleSpec backup = installation.spec().backup();
        Map<String, String> limits = new TreeMap<>();
        limits.put("BACKUP_MAX_AGE_HOURS", String.valueOf(installation.spec().backupMaxAgeHours()));
        backup.baseBackupMaxAgeHours()
                .ifPresent(hours -> limits.put("BASE_BACKUP_MAX_AGE_HOURS", String.valueOf(hours)));
        if (installation.archivesWal()) {
            limits.put("WAL_ARCHIVER_SLOT", ReplicationSlot.WAL_ARCHIVER.name());
        }
        if (backup.restoreTest().enabled()) {
            limits.put(
                    "RESTORE_TEST_MAX_AGE_DAYS",
                    String.valueOf(backup.restoreTest().maxAgeDays()));
        }
        backup.offsite().ifPresent(copy -> limits.put("OFFSITE_MAX_AGE_MINUTES", String.valueOf(copy.maxAgeMinutes())));
        return limits;
    }
}
