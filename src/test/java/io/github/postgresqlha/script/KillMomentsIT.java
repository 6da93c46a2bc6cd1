package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Power cuts while a former primary rejoins and while a standby is copied, at many moments. The roles change places with each
 * test: A, B, A, B and on. Whatever the moment, nothing opens read-write that should not, and in the end rows are equal.
 */
@Tag("long")
class KillMomentsIT {

    /** Kills the first process of a copy as soon as it has a second one. */
    private static final String KILL_COPY = """
            processes() { grep -lxzF -- "$1" /proc/[0-9]*/cmdline 2>/dev/null | while read -r f; do
              [[ "$(cat "${f%/cmdline}/comm" 2>/dev/null)" != pg_basebackup ]] || basename "${f%/cmdline}"; done | sort -n; }
            for ((i = 0; i < 2000; i++)); do
              mapfile -t found < <(processes "$1")
              if ((${#found[@]} > 1)); then kill -KILL "${found[0]}" && echo killed && exit; fi
            done
            exit 1
            """;

    private static LocalPair pair;
    private static LocalInstance first;
    private static LocalInstance second;

    @BeforeAll
    static void start() {
        pair = LocalPair.streaming();
        first = pair.primary();
        second = pair.standby();
        first.sql("airflow", "airflow", "CREATE TABLE rows AS SELECT generate_series(1, 200000) AS id");
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60, 120, 200, 300, 420, 560, 750, 1000, 1400})
    void rejoins_after_a_power_cut_so_many_milliseconds_into_it(int milliseconds) {
        second.kill();
        first.sql("airflow", "airflow", "UPDATE rows SET id = id + 1 WHERE id % 4 = 0; CHECKPOINT");
        first.kill();
        second.start().awaitRole("standby");
        second.touchTrigger().awaitRole("primary");
        second.sql("airflow", "airflow", "UPDATE rows SET id = id + 2 WHERE id % 5 = 0");
        int logged = first.log().length();
        first.start();
        first.await(Duration.ofSeconds(40), () -> first.log().substring(logged).contains("role: rejoining"), "rejoin");
        Pause.milliseconds(milliseconds);
        first.kill();
        first.start();
        pair.awaitStreaming(second, first);
        assertEqualRows(first.log().substring(logged));
        changePlaces();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 200, 300, 400, 500, 650, 800, 1000, 1300})
    void copies_after_a_power_cut_so_many_milliseconds_into_it(int milliseconds) {
        int logged = second.log().length();
        second.run("touch", second.runtime() + "/rebuild_request");
        second.await(
                Duration.ofSeconds(20), () -> second.log().substring(logged).contains("role: cloning"), "copy");
        Pause.milliseconds(milliseconds);
        second.kill();
        second.start();
        pair.awaitStreaming(first, second);
        assertThat(Files.exists(second.data().resolve("PG_VERSION"))).isTrue();
        assertThat(second.log().substring(logged)).doesNotContain("role: primary", "ABANDONED", "counted");
        assertThat(sum(second)).isEqualTo(sum(first));
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 250, 400, 600, 900, 1300})
    void copies_after_it_was_told_to_stop_so_many_milliseconds_into_it(int milliseconds) {
        int logged = second.log().length();
        second.run("touch", second.runtime() + "/rebuild_request");
        second.await(
                Duration.ofSeconds(20), () -> second.log().substring(logged).contains("role: cloning"), "copy");
        Pause.milliseconds(milliseconds);
        second.stop();
        second.start();
        pair.awaitStreaming(first, second);
        assertThat(second.log().substring(logged)).doesNotContain("role: primary", "ABANDONED", "counted");
        assertThat(sum(second)).isEqualTo(sum(first));
        assertNothingIsLeft();
    }

    /** The process that receives its WAL survives, with the slot. */
    @Test
    void copies_again_after_pg_basebackup_alone_was_killed() {
        int logged = second.log().length();
        second.run("touch", second.runtime() + "/rebuild_request");
        String killed = second.run("bash", "-c", KILL_COPY, "kill", second.data() + ".cloning")
                .output();
        pair.awaitStreaming(first, second);
        assertThat(second.log().substring(logged))
                .contains("copying " + first.name() + " failed")
                .contains("ending what it left")
                .doesNotContain("role: primary");
        assertThat(killed).isEqualToIgnoringWhitespace("killed");
        assertThat(sum(second)).isEqualTo(sum(first));
    }

    /** Of one generation of data. */
    private static void assertNothingIsLeft() {
        second.await(
                Duration.ofSeconds(30),
                () -> second.run("ls", second.data() + "/..").output().equals("pgdata\nstate\n")
                        && second.run("sh", "-c", "ls -d " + second.environment("WAL_DIRECTORY") + "/wal-*")
                                        .output()
                                        .lines()
                                        .count()
                                == 1,
                "an end of what earlier copies left");
    }

    private static void assertEqualRows(String log) {
        assertThat(log).doesNotContain("role: primary").doesNotContain("decision: primary");
        String expected = sum(second);
        first.await(Duration.ofSeconds(20), () -> sum(first).equals(expected), "equal rows");
    }

    private static void changePlaces() {
        LocalInstance former = first;
        first = second;
        second = former;
    }

    private static String sum(LocalInstance instance) {
        return instance.sql("airflow", "airflow", "SELECT count(*), sum(id) FROM rows");
    }
}
