package io.github.postgresqlha.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Patroni in the image that users build: one version, file by file, and the one that the supervisor was measured with. */
class PatroniVersionTest {

    /** Changed when every test of automatic failover has passed with it: docs/how-to/upgrade-patroni.md. */
    static final String MEASURED = "4.1.5";

    private static final String IMAGE = "src/main/resources/io/github/postgresqlha/dist/image/";

    private static final Pattern PINNED = Pattern.compile(
            "(?<name>[a-z0-9-]+)==[0-9a-z.]+( ; [^\\\\]+)? \\\\(\\n {4}--hash=sha256:[0-9a-f]{64}( \\\\)?)+");

    @Test
    void the_pinned_version_is_the_measured_one() {
        assertThat(requirements()).contains("patroni==" + MEASURED + " \\");
        assertThat(Project.read(Project.file("docs/explanation/automatic.md"))).contains("Patroni " + MEASURED);
    }

    @Test
    void every_package_has_one_version_and_hashes() {
        String packages = requirements().replaceAll("(?m)^#.*\\n", "");
        assertThat(PINNED.matcher(packages).replaceAll("").strip()).isEmpty();
        assertThat(PINNED.matcher(packages).results().map(match -> match.group(1)))
                .contains("patroni", "psycopg", "urllib3", "pyyaml")
                .doesNotHaveDuplicates();
    }

    @Test
    void nothing_that_has_no_hash_is_installed() {
        assertThat(Project.read(Project.file(IMAGE + "Dockerfile")))
                .contains("--no-deps", "--only-binary :all:", "--require-hashes")
                .doesNotContain("install patroni");
    }

    @Test
    void the_cases_on_a_cluster_build_an_image_of_that_version() {
        assertThat(Project.read(Project.file("e2e/lib-automatic.sh")))
                .contains("postgresql-patroni:${major:?}-" + MEASURED);
        assertThat(Stream.of("e2e/specs/automatic.yaml", "e2e/specs/automatic-three.yaml", "bench/plain-patroni.yaml"))
                .allSatisfy(file -> assertThat(Project.read(Project.file(file)))
                        .as(file)
                        .contains("postgresql-patroni:17-" + MEASURED));
    }

    private static String requirements() {
        return Project.read(Project.file(IMAGE + "requirements.txt"));
    }
}
