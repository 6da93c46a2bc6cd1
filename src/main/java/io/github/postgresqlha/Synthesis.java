package io.github.postgresqlha;

import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.dist.DistFiles;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.util.List;

/** From a specification to the files of {@code dist/}: the same bytes on every machine and in every run. */
public final class Synthesis {

    private Synthesis() {}

    /** Every file, sorted by path. Needs no node. */
    public static List<DistFile> files(PostgresqlHaSpec spec) {
        Installation installation = Installation.of(spec);
        return DistFiles.of(installation, Plan.parts(installation));
    }
}
