package io.github.postgresqlha;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.plan.PartName;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.util.EnumSet;
import software.constructs.Construct;

/**
 * A whole installation, in any chart: beside objects of one's own and beside other installations. Below it is a construct for each file
 * of {@code dist/}, in the order in which they are applied.
 */
public class PostgresqlHa extends DatabaseConstruct {

    /**
     * Everything that the specification describes.
     *
     * @throws io.github.postgresqlha.spec.InvalidSpecException if the app has an object of the same kind and name already
     */
    public PostgresqlHa(Construct scope, String id, PostgresqlHaSpec spec) {
        this(scope, id, Installation.of(spec));
    }

    private PostgresqlHa(Construct scope, String id, Installation installation) {
        super(scope, id, installation, Plan.parts(installation), EnumSet.allOf(PartName.class));
    }
}
