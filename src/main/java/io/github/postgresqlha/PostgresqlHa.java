package io.github.postgresqlha;

import io.github.postgresqlha.edit.Edits;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.plan.PartName;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.util.EnumSet;
import software.constructs.Construct;

/**
 * A whole installation, in any chart: beside objects of one's own and beside other installations. Below it is a construct for each file
 * of {@code dist/}, in the order in which they are applied. No chart holds passwords, certificates or programs: {@link Synthesis#files} has the
 * program that makes them, {@code deploy-NAME.sh --secrets-only}. An object of one's own that has kind and name of one of these is refused when
 * the app is synthesized.
 */
public class PostgresqlHa extends DatabaseConstruct {

    /**
     * Everything that the specification describes.
     *
     * @throws io.github.postgresqlha.spec.InvalidSpecException if another installation of the app has an object of the same kind and name
     */
    public PostgresqlHa(Construct scope, String id, PostgresqlHaSpec spec) {
        this(scope, id, spec, Edits.none());
    }

    /**
     * The same after some edits.
     *
     * @throws io.github.postgresqlha.spec.InvalidSpecException as above, and if an edit would break what the product needs
     */
    public PostgresqlHa(Construct scope, String id, PostgresqlHaSpec spec, Edits edits) {
        this(scope, id, Installation.of(spec), edits);
    }

    private PostgresqlHa(Construct scope, String id, Installation installation, Edits edits) {
        super(scope, id, installation, Plan.parts(installation, edits), EnumSet.allOf(PartName.class));
    }
}
