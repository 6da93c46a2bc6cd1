package io.github.postgresqlha.monitoring;

import io.github.postgresqlha.database.PrimaryDatabase;
import io.github.postgresqlha.kubernetes.Manifest;
import java.util.List;
import software.constructs.Construct;

/** The health check of an installation. */
public final class HealthMonitor extends Manifest {

    /** Checks a primary and whatever belongs to its installation. */
    public HealthMonitor(Construct scope, String id, PrimaryDatabase primary, HealthMonitorSpec spec) {
        this(scope, id, primary, spec, BackupLimits.NONE);
    }

    /** Checks also how old the proofs and copies of its backups are. */
    public HealthMonitor(
            Construct scope, String id, PrimaryDatabase primary, HealthMonitorSpec spec, BackupLimits limits) {
        super(scope, id, List.of(HealthCheckCronJob.of(primary.installation(), spec, limits)));
    }
}
