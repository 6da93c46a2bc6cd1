package io.github.postgresqlha;

import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.dist.DistFiles;
import io.github.postgresqlha.kubernetes.ManifestFiles;
import java.util.List;
import org.cdk8s.App;

/** From a specification to the files of {@code dist/}: the same bytes on every machine and in every run. */
public final class Synthesis {

    private Synthesis() {}

    /** Every file, sorted by path. Starts node, where no chart of this process has done so yet. */
    public static List<DistFile> files(PostgresqlHaSpec spec) {
        PostgresqlHaChart chart = new PostgresqlHaChart(new App(), spec.name(), spec);
        return DistFiles.of(chart.installation(), spec.credentials(), ManifestFiles.of(chart, chart.manifests()));
    }
}
