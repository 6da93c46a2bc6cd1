package io.github.postgresqlha.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.PublicApi;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code ./mvnw install -Prelease} publishes is what a user needs, and nothing of how it was made. */
@Tag("release")
class ReleasedFilesIT {

    private static final Path TARGET = Project.file("target");
    private static final String MAIN = "postgresql-ha.jar";
    private static final String SOURCES = "postgresql-ha-sources.jar";
    private static final String JAVADOC = "postgresql-ha-javadoc.jar";
    /** {@code project.build.outputTimestamp}. */
    private static final LocalDateTime GIVEN = LocalDateTime.of(2026, 1, 1, 0, 0);

    private static final String COMMAND = "-pgha.jar";

    @TempDir
    private Path folder;

    @Test
    void the_pom_has_what_users_need_and_no_build() {
        String pom = Project.read(TARGET.resolve("flattened-pom.xml"));
        Map<String, String> dependencies = Pom.dependencies(pom);
        assertThat(Pom.elements(pom))
                .containsExactlyInAnyOrder(
                        "modelVersion",
                        "groupId",
                        "artifactId",
                        "version",
                        "name",
                        "description",
                        "url",
                        "licenses",
                        "scm",
                        "dependencies");
        assertThat(pom).contains("<name>Apache-2.0</name>").doesNotContain("${");
        assertThat(dependencies)
                .containsEntry("cdk8s", "compile")
                .containsEntry("value-annotations", "provided")
                .doesNotContainKeys("archunit", "assertj-core", "junit-jupiter")
                .doesNotContainValue("test");
    }

    @Test
    void the_jar_has_its_licence_and_only_its_own_classes() throws IOException {
        try (JarFile jar = jar(MAIN)) {
            assertThat(names(jar))
                    .contains("META-INF/LICENSE", "io/github/postgresqlha/PostgresqlHa.class")
                    .allMatch(name -> name.startsWith("io/github/postgresqlha/") || name.startsWith("META-INF/"));
            assertThat(jar.getManifest().getMainAttributes().keySet())
                    .contains(Attributes.Name.IMPLEMENTATION_VERSION)
                    .doesNotContain(Attributes.Name.CLASS_PATH, Attributes.Name.MAIN_CLASS);
        }
    }

    @Test
    void sources_of_all_types_are_there_also_of_those_that_are_generated() throws IOException {
        try (JarFile sources = jar(SOURCES)) {
            assertThat(names(sources))
                    .containsAll(PublicApi.types().stream()
                            .filter(type -> type.getEnclosingClass() == null)
                            .map(type -> type.getName().replace('.', '/') + ".java")
                            .toList())
                    .contains("io/github/postgresqlha/spec/ImmutablePostgresqlHaSpec.java");
        }
    }

    @Test
    void javadoc_has_a_page_for_each_type_of_the_api_and_no_other() throws IOException {
        try (JarFile javadoc = jar(JAVADOC)) {
            assertThat(names(javadoc).stream()
                            .filter(name -> name.matches("io/.*/[A-Z][^/]*\\.html") && !name.contains("class-use")))
                    .containsExactlyInAnyOrderElementsOf(PublicApi.types().stream()
                            .map(type -> type.getName().replace('.', '/').replace('$', '.') + ".html")
                            .toList());
            assertThat(text(javadoc, "io/github/postgresqlha/spec/StorageSpec.Builder.html"))
                    .contains("id=\"storageClassName(java.lang.String)\"", "Initializes the optional value");
        }
    }

    @Test
    void the_command_in_one_file_gives_the_same_bytes() throws IOException {
        Path out = folder.resolve("dist");
        Tool.Result run =
                run("synth", "--config", Project.file("postgresql-ha.yaml").toString(), "--out", out.toString());
        assertThat(run.status()).as(run.output()).isZero();
        Tool.Result difference =
                Tool.run(new ProcessBuilder("diff", "-r", Project.file("dist").toString(), out.toString()));
        assertThat(difference.status()).as(difference.output()).isZero();
    }

    @Test
    void the_command_of_the_checkout_is_the_same() {
        Tool.Result checkout = Tool.run(new ProcessBuilder(Project.file("pgha").toString(), "--version"));
        assertThat(checkout.output())
                .startsWith("pgha ")
                .isEqualTo(run("--version").output());
    }

    private static Tool.Result run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                TARGET.resolve(command()).toString()));
        command.addAll(List.of(arguments));
        return Tool.run(new ProcessBuilder(command));
    }

    @Test
    void the_command_in_one_file_has_all_services_and_licences_of_what_is_in_it() throws IOException {
        try (JarFile command = jar(command())) {
            assertThat(text(command, "META-INF/LICENSE")).isEqualTo(Project.read(Project.file("LICENSE")));
            for (Path library : libraries()) {
                try (JarFile jar = new JarFile(TARGET.resolve(library).toFile())) {
                    for (String name : names(jar)) {
                        if (name.matches("META-INF/(services/.+|NOTICE|.*LICENSE.+)")) {
                            assertThat(text(command, name))
                                    .as("%s of %s", name, library)
                                    .contains(text(jar, name).strip());
                        }
                    }
                }
            }
        }
    }

    @Test
    void the_bill_of_materials_names_every_library_and_no_moment() throws IOException {
        JsonNode bill = new ObjectMapper().readTree(TARGET.resolve("bom.json").toFile());
        assertThat(StreamSupport.stream(bill.path("components").spliterator(), false)
                        .map(part -> part.path("name").asText() + "-"
                                + part.path("version").asText() + ".jar"))
                .containsExactlyInAnyOrderElementsOf(libraries().stream()
                        .map(library -> library.getFileName().toString())
                        .toList());
        assertThat(bill.has("serialNumber")).isFalse();
        assertThat(bill.path("metadata").has("timestamp")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {MAIN, SOURCES, JAVADOC})
    void no_entry_tells_when_it_was_made(String name) throws IOException {
        assertThat(times(TARGET.resolve(name))).containsOnly(GIVEN);
    }

    @Test
    void no_entry_of_the_command_tells_it_either() throws IOException {
        Set<LocalDateTime> given = new HashSet<>(Set.of(GIVEN));
        for (Path library : libraries()) {
            given.addAll(times(TARGET.resolve(library)));
        }
        assertThat(times(TARGET.resolve(command()))).isSubsetOf(given);
    }

    private static Set<LocalDateTime> times(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            return jar.stream().map(ZipEntry::getTimeLocal).collect(Collectors.toSet());
        }
    }

    private static JarFile jar(String name) throws IOException {
        return new JarFile(TARGET.resolve(name).toFile());
    }

    private static List<String> names(JarFile jar) {
        return jar.stream()
                .filter(entry -> !entry.isDirectory())
                .map(ZipEntry::getName)
                .toList();
    }

    private static String text(JarFile jar, String name) throws IOException {
        ZipEntry entry = jar.getEntry(name);
        assertThat(entry).as("%s in %s", name, jar.getName()).isNotNull();
        return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Its name has the version, which this test does not know. */
    private static String command() {
        return Project.filesBelow(TARGET).stream()
                .map(Path::toString)
                .filter(name -> name.endsWith(COMMAND))
                .findFirst()
                .orElseThrow();
    }

    private static List<Path> libraries() {
        return Project.filesBelow(TARGET.resolve("lib")).stream()
                .map(Path.of("lib")::resolve)
                .toList();
    }
}
