package io.github.postgresqlha.monitoring;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.postgresql.DatabaseRole;
import io.github.postgresqlha.script.ScriptCronJob;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.script.ScriptPod;
import io.github.postgresqlha.script.Scripts;
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
        ScriptEnvironment environment = ScriptPod.environment(
                        installation, Component.HEALTH_CHECK, DatabaseRole.MONITOR)
                .set("MEMBER_HOSTS", installation.memberHosts())
                .set("FAIL_ON", installation.spec().healthMonitor().failOn().toString());
        HealthCheckLimits.of(installation).forEach(environment::set);
        return environment;
    }
}
