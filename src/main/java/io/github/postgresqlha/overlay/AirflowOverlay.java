package io.github.postgresqlha.overlay;

import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.dist.DistFiles;
import io.github.postgresqlha.dist.InstallationName;
import io.github.postgresqlha.edit.SpecEdits;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.plan.Part;
import io.github.postgresqlha.plan.PartName;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.Violations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A specification as a folder for {@code chart/kustomize-overlays/} of Airflow's chart: the same objects as in {@code dist/}, for any release
 * and namespace, and a Job that makes what no manifest may hold.
 *
 * @see <a href="https://github.com/apache/airflow/blob/main/chart/kustomize-overlays/CONTRIBUTING.rst">Contributing Kustomize overlays</a>
 */
public final class AirflowOverlay {

    static final String BOOTSTRAP = "bootstrap.sh";

    private static final String TEST = "tests/overlay_tests/test_postgresql.py";

    private AirflowOverlay() {}

    /** Which installation the folder belongs to: the one that stands in for those of all releases. */
    public static InstallationName installation(PostgresqlHaSpec spec) {
        OverlayRules.check(spec);
        Installation installation = Placeholders.standIn(spec);
        return new InstallationName(
                installation.names().name(), installation.names().namespace());
    }

    /**
     * Every file, sorted by path.
     *
     * @throws io.github.postgresqlha.spec.InvalidSpecException with everything that an overlay cannot express
     */
    public static List<DistFile> files(PostgresqlHaSpec spec) {
        OverlayRules.check(spec);
        Installation installation = Placeholders.standIn(spec);
        List<Part> parts = new ArrayList<>(Plan.parts(installation));
        parts.add(bootstrap(installation, DistFiles.of(installation, parts)));
        List<DistFile> files = new ArrayList<>(DistFiles.of(installation, parts).stream()
                .filter(file -> file.path().matches("[^/]+\\.yaml"))
                .toList());
        files.add(new DistFile("STATUS.yaml", Status.of(Placeholders.prefix(), parts), false));
        files.add(new DistFile("README.rst", rendered("README.rst", spec), false));
        files.add(new DistFile(TEST, rendered("test_postgresql.py", spec), false));
        return placed(files);
    }

    private static Part bootstrap(Installation installation, List<DistFile> dist) {
        BootstrapJob job = new BootstrapJob(
                installation,
                Map.of(
                        BOOTSTRAP,
                        read(BOOTSTRAP),
                        "certificates.sh",
                        content(dist, "lib/certificates.sh"),
                        "connections.txt",
                        content(dist, "lib/airflow-urls.txt")));
        return new Part(
                PartName.SECRET,
                installation.names().manifest("bootstrap"),
                job.objects().stream()
                        .map(SpecEdits.of(installation.spec())::apply)
                        .toList());
    }

    private static String content(List<DistFile> files, String path) {
        return files.stream()
                .filter(file -> file.path().equals(path))
                .map(DistFile::content)
                .findFirst()
                .orElseThrow();
    }

    private static List<DistFile> placed(List<DistFile> files) {
        Violations violations = new Violations("airflow-overlay");
        List<DistFile> placed = files.stream()
                .map(file -> placed(file, violations))
                .sorted(Comparator.comparing(DistFile::path))
                .toList();
        violations.throwIfAny();
        return placed;
    }

    private static DistFile placed(DistFile file, Violations violations) {
        String path = Placeholders.path(file.path());
        String text = switch (path) {
            // It names files, and they are named without the release.
            case "kustomization.yaml" -> Placeholders.path(file.content());
            case "airflow-values.yaml" -> values(file.content());
            default -> file.content();
        };
        return new DistFile(path, Placeholders.in(path, text, violations), file.executable());
    }

    /** Here no deploy script makes Airflow's connection, and the release has a name. */
    private static String values(String text) {
        return text.replaceFirst("(Secret (\\S+)-airflow has to be there before): .*", "$1: Job $2-bootstrap makes it.")
                .replaceFirst("--install airflow ", "--install RELEASE-NAME ");
    }

    private static String rendered(String resource, PostgresqlHaSpec spec) {
        return read(resource)
                .replace("{{NAME}}", spec.name())
                .replace("{{IMAGE}}", spec.image())
                .replace("{{OWNER}}", spec.databaseOwner())
                .replace("{{DATABASE}}", spec.databaseName());
    }

    private static String read(String name) {
        try (InputStream resource = AirflowOverlay.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + name, e);
        }
    }
}
