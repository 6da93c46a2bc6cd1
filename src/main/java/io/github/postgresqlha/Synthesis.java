package io.github.postgresqlha;

import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.dist.DistFiles;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.ObjectContent;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.cdk8s.App;

/** From a specification to the files of {@code dist/}: the same bytes on every machine and in every run. */
public final class Synthesis {

    private Synthesis() {}

    /**
     * Every file, sorted by path. Starts node, where no chart of this process has done so yet.
     *
     * @throws NodeException where it does not start
     */
    public static List<DistFile> files(PostgresqlHaSpec spec) {
        PackageCache.require(System.getenv(), System.getProperty("os.name"));
        CompletableFuture<App> app = CompletableFuture.supplyAsync(App::new);
        loadClasses(spec);
        PostgresqlHaChart chart = new PostgresqlHaChart(started(app), spec.name(), spec);
        PostgresqlHa whole = chart.installation();
        return DistFiles.of(whole.installation(), ManifestFiles.of(chart, whole.manifests()));
    }

    private static App started(CompletableFuture<App> app) {
        try {
            return app.join();
        } catch (CompletionException failed) {
            throw new NodeException(failed);
        }
    }

    /** Node takes as long to start as Java takes to load what the objects are made of and written with: both at once. */
    private static void loadClasses(PostgresqlHaSpec spec) {
        Plan.parts(Installation.of(spec)).forEach(part -> part.objects().forEach(ObjectContent::of));
    }
}
