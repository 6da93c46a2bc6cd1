package io.github.postgresqlha;

import io.github.postgresqlha.backup.BackupSchedule;
import io.github.postgresqlha.database.PrimaryDatabase;
import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.dist.DistFiles;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.kubernetes.KubernetesObject;
import io.github.postgresqlha.kubernetes.ManifestFiles;
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
        return DistFiles.of(
                chart.installation(), spec.credentials(), spec.backup(), ManifestFiles.of(chart, chart.manifests()));
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
        Installation installation = Installations.of(spec);
        PrimaryDatabase.objects(installation, spec.primary(), "").forEach(KubernetesObject::content);
        BackupSchedule.objects(installation, spec.backup()).forEach(KubernetesObject::content);
    }
}
