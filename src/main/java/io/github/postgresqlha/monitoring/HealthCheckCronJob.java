package io.github.postgresqlha.monitoring;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.ComputeResources;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.script.ScriptCronJob;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.script.ScriptPod;
import io.github.postgresqlha.script.Scripts;
import java.util.Optional;

/**
 * The periodic health check. It asks both instances by SQL and needs no volume, so it runs on any node, also while the
 * one with the backups is away.
 */
final class HealthCheckCronJob {

    private static final String ROLE = "monitor";
    private static final long DEADLINE_SECONDS = 120L;

    private HealthCheckCronJob() {}

    static CronJob of(Installation installation, String schedule, String timeZone, HealthThresholds thresholds) {
        ScriptPod pod = new ScriptPod(
                installation,
                Component.HEALTH_CHECK,
                Scripts.get("health-check.sh"),
                ROLE,
                environment(installation, thresholds),
                ComputeResources.SMALL,
                Optional.empty());
        return new ScriptCronJob(installation.names().healthCheck(), pod, schedule, timeZone, DEADLINE_SECONDS, 0)
                .object();
    }

    private static ScriptEnvironment environment(Installation installation, HealthThresholds thresholds) {
        ScriptEnvironment environment = ScriptPod.environment(installation, Component.HEALTH_CHECK, ROLE)
                .set("PGDATABASE", "postgres")
                .set("PGCONNECT_TIMEOUT", "3")
                .set("MEMBER_HOSTS", installation.memberHosts());
        installation
                .members()
                .forEach(member -> environment.set(member.component().name() + "_HOST", installation.host(member)));
        return environment
                .set("REPLICATION_LAG_MAX_BYTES", String.valueOf(thresholds.replicationLagBytes()))
                .set("REPLICATION_LAG_MAX_SECONDS", String.valueOf(thresholds.replicationLagSeconds()))
                .set("CONNECTIONS_MAX_PERCENT", String.valueOf(thresholds.connectionsPercent()))
                .set("DISK_MAX_PERCENT", String.valueOf(thresholds.diskPercent()))
                .set("BACKUP_MAX_AGE_HOURS", String.valueOf(thresholds.backupAgeHours()));
    }
}
