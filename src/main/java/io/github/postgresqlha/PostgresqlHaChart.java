package io.github.postgresqlha;

import io.github.postgresqlha.spec.PostgresqlHaSpec;
import org.cdk8s.Chart;
import software.constructs.Construct;

/** A {@link PostgresqlHa} in a chart of its own. */
public class PostgresqlHaChart extends Chart {

    private final PostgresqlHa installation;

    /**
     * Everything that the specification describes.
     *
     * @throws io.github.postgresqlha.spec.InvalidSpecException if the app has an object of the same kind and name already
     */
    public PostgresqlHaChart(Construct scope, String id, PostgresqlHaSpec spec) {
        super(scope, id);
        installation = new PostgresqlHa(this, spec.name(), spec);
    }

    /** What the chart holds. */
    public final PostgresqlHa installation() {
        return installation;
    }
}
