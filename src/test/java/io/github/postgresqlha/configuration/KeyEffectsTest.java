package io.github.postgresqlha.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code pgha explain} says that a change of a key restarts is so: each is changed, and the two plans are compared. */
class KeyEffectsTest {

    /** No plan shows it: scripts look at these only where there are no data yet. */
    private static final Set<String> OF_NEW_DATA = Set.of(
            "bootstrap.fromBackup",
            "bootstrap.fromBackup.claim",
            "bootstrap.fromBackup.target",
            "bootstrap.fromBackup.timeline",
            "bootstrap.fromDatabase",
            "bootstrap.fromDatabase.ca",
            "bootstrap.fromDatabase.ca.key",
            "bootstrap.fromDatabase.ca.secret",
            "bootstrap.fromDatabase.database",
            "bootstrap.fromDatabase.host",
            "bootstrap.fromDatabase.passwordSecret",
            "bootstrap.fromDatabase.passwordSecret.key",
            "bootstrap.fromDatabase.passwordSecret.secret",
            "bootstrap.fromDatabase.port",
            "bootstrap.fromDatabase.sslmode",
            "bootstrap.fromDatabase.user",
            "bootstrap.fromDatabase.whileInUse",
            "bootstrap.fromDatabase.withoutExtensions",
            "bootstrap.fromDatabase.withoutSchemas",
            "databaseName",
            "databaseOwner",
            "postgresVersion");

    @Test
    void every_key_that_has_a_value_has_a_line_and_nothing_else_has() {
        assertThat(KeyNote.all().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        examples().map(KeyExample::toString).toList());
    }

    @Test
    void are_what_the_plans_say() {
        Map<String, Set<Effect>> told = new TreeMap<>();
        Map<String, Set<Effect>> seen = new TreeMap<>();
        examples().forEach(example -> {
            Set<Effect> effects = PlanEffects.between(example.before(), example.after());
            if (OF_NEW_DATA.contains(example.toString())) {
                effects.add(Effect.DATA);
            }
            seen.put(example.toString(), effects);
            told.put(example.toString(), ownEffects(example.key()));
        });
        assertThat(told).as("the column of keys.txt").isEqualTo(seen);
    }

    /** Of an optional section, without those of the keys in it. */
    private static Set<Effect> ownEffects(ExplainedKey key) {
        return Objects.requireNonNull(KeyNote.all().get(key.path())).effects();
    }

    /** {@code OF_NEW_DATA}: only the script that initialises an empty data directory makes the database and its owner. */
    @Test
    void the_database_and_its_owner_are_made_once() {
        Path scripts = Project.file("src/main/resources/io/github/postgresqlha/script");
        assertThat(Project.filesBelow(scripts).stream()
                        .filter(file -> Project.read(scripts.resolve(file)).contains("sql/database.sql"))
                        .map(file -> file.toString().replace('\\', '/')))
                .containsExactly("instance/initialise.sh");
    }

    @ParameterizedTest
    @CsvSource({
        "max_locks_per_transaction, 128",
        "log_min_duration_statement, 2s",
        "shared_preload_libraries, auto_explain"
    })
    void of_a_parameter_are_what_the_plans_say(String name, String value) {
        String path = "configuration.parameters." + name;
        String after = "configuration: {parameters: {" + name + ": " + value + "}}";
        assertThat(KeyCatalogue.find(path).orElseThrow().effects())
                .isEqualTo(PlanEffects.between("name: postgresql", after));
    }

    @Test
    void are_told_in_words() {
        assertThat(Effect.restarts(EnumSet.noneOf(Effect.class))).isEqualTo("nothing");
        assertThat(Effect.restarts(EnumSet.of(Effect.JOBS)))
                .isEqualTo("nothing; the jobs have it from their next run on");
        assertThat(Effect.restarts(EnumSet.of(Effect.PRIMARY, Effect.STANDBY, Effect.ARCHIVER)))
                .isEqualTo("all members, one after another; the WAL archiver");
        assertThat(Effect.restarts(EnumSet.of(Effect.PRIMARY, Effect.CLAIM))).startsWith("a new installation: ");
    }

    private static Stream<KeyExample> examples() {
        return KeyCatalogue.all().stream()
                .filter(key -> !key.isSection()
                        || key.initial().isPresent()
                        || key.example().isPresent())
                .map(KeyExample::new);
    }
}
