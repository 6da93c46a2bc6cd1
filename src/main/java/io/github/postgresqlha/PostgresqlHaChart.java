package io.github.postgresqlha;

import io.github.postgresqlha.edit.Edits;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import org.cdk8s.Chart;
import software.constructs.Construct;

/** A {@link PostgresqlHa} in a chart of its own. */
public class PostgresqlHaChart extends Chart {

    private final PostgresqlHa installation;

    /**
     * Everything that the specification describes.
     *
     * @throws io.github.postgresqlha.spec.InvalidSpecException if another installation of the app has an object of the same kind and name
     */
    public PostgresqlHaChart(Construct scope, String id, PostgresqlHaSpec spec) {
        this(scope, id, spec, Edits.none());
    }

    /**
     * The same after some edits.
     *
     * @throws io.github.postgresqlha.spec.InvalidSpecException as above, and if an edit would break what the product needs
     */
    public PostgresqlHaChart(Construct scope, String id, PostgresqlHaSpec spec, Edits edits) {
        super(scope, id);
        installation = new PostgresqlHa(this, spec.name(), spec, edits);
    }

    /** What the chart holds. */
    public final PostgresqlHa installation() {
        return installation;
    }
}
