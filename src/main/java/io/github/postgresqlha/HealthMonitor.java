package io.github.postgresqlha;

import io.github.postgresqlha.edit.Edits;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.plan.PartName;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.util.Set;
import software.constructs.Construct;

/**
 * The health check of an installation, and where the specification has them its alerts, its dashboard and what Prometheus scrapes by. It asks
 * after the backups of the specification: without a {@link BackupSchedule} beside it, it finds them missing.
 */
public class HealthMonitor extends DatabaseConstruct {

    private static final Set<PartName> OWN = Set.of(PartName.MONITORING, PartName.METRICS);

    /**
     * That part of an installation, with all that its pods mount or name. What another construct of the same installation has added
     * already is not added again.
     *
     * @throws io.github.postgresqlha.spec.InvalidSpecException if another installation of the app has an object of the same kind and name
     */
    public HealthMonitor(Construct scope, String id, PostgresqlHaSpec spec) {
        this(scope, id, spec, Edits.none());
    }

    /**
     * The same after some edits.
     *
     * @throws io.github.postgresqlha.spec.InvalidSpecException as above, and if an edit would break what the product needs
     */
    public HealthMonitor(Construct scope, String id, PostgresqlHaSpec spec, Edits edits) {
        this(scope, id, Installation.of(spec), edits);
    }

    private HealthMonitor(Construct scope, String id, Installation installation, Edits edits) {
        super(scope, id, installation, Plan.parts(installation, edits), OWN);
    }
}
