package io.github.postgresqlha;

import io.github.postgresqlha.edit.Edits;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.plan.PartName;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.util.Set;
import software.constructs.Construct;

/** The standbys, which stream from the primary and can take over: beside a {@link PrimaryDatabase} of the same specification. */
public class StandbyDatabase extends DatabaseConstruct {

    private static final Set<PartName> OWN = Set.of(PartName.STANDBY);

    /**
     * That part of an installation, with all that its pods mount or name. What another construct of the same installation has added
     * already is not added again.
     *
     * @throws io.github.postgresqlha.spec.InvalidSpecException if another installation of the app has an object of the same kind and name, or if the
     *     specification has no standby
     */
    public StandbyDatabase(Construct scope, String id, PostgresqlHaSpec spec) {
        this(scope, id, spec, Edits.none());
    }

    /**
     * The same after some edits.
     *
     * @throws io.github.postgresqlha.spec.InvalidSpecException as above, and if an edit would break what the product needs
     */
    public StandbyDatabase(Construct scope, String id, PostgresqlHaSpec spec, Edits edits) {
        this(scope, id, with(spec, spec.standby().enabled(), "standby.enabled", "StandbyDatabase"), edits);
    }

    private StandbyDatabase(Construct scope, String id, Installation installation, Edits edits) {
        super(scope, id, installation, Plan.parts(installation, edits), OWN);
    }

    /** The Service by which clients reach it. */
    public final String serviceName() {
        return names().standby();
    }
}
