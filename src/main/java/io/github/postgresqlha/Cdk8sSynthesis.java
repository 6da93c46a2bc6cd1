package io.github.postgresqlha;

import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.dist.DistFiles;
import io.github.postgresqlha.edit.Edits;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.util.List;
import org.cdk8s.App;

/** The files of {@code dist/} by way of the chart and cdk8s: the same bytes as {@link Synthesis}, and the proof of it. */
public final class Cdk8sSynthesis {

    private Cdk8sSynthesis() {}

    /**
     * Every file, sorted by path. Starts node, where no chart of this process has done so yet.
     *
     * @throws NodeException where it does not start
     */
    public static List<DistFile> files(PostgresqlHaSpec spec) {
        return files(spec, Edits.none());
    }

    /**
     * The same after some edits.
     *
     * @throws NodeException where it does not start
     * @throws io.github.postgresqlha.spec.InvalidSpecException if an edit would break what the product needs
     */
    public static List<DistFile> files(PostgresqlHaSpec spec, Edits edits) {
        PackageCache.require(System.getenv(), System.getProperty("os.name"));
        PostgresqlHaChart chart = new PostgresqlHaChart(app(), spec.name(), spec, edits);
        PostgresqlHa whole = chart.installation();
        return DistFiles.of(whole.installation(), ManifestFiles.of(chart, whole.manifests()));
    }

    private static App app() {
        try {
            return new App();
        } catch (RuntimeException failed) {
            throw new NodeException(failed);
        }
    }
}
