package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A durable step that fails is a failed step: it says so, and nothing goes on top of it. */
class DurableStepsTest {

    private static final String DATA = """
            number=0
            for folder in "${PGDATA}" "${PGDATA}.new" "${PGDATA}.restoring"; do
              number=$((number + 1))
              mkdir -p -- "${folder}" "${WAL_DIRECTORY}/wal-20260101T000000Z-${number}" && printf '17\\n' >"${folder}/PG_VERSION"
              ln -s -- "${WAL_DIRECTORY}/wal-20260101T000000Z-${number}" "${folder}/pg_wal"
            done
            """;

    @TempDir
    Path folder;

    private ScriptFunctions functions;

    @BeforeEach
    void create() {
        functions = new ScriptFunctions(folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mv() { return 1; }; install_data \"${PGDATA}.new\"",
                "sync() { return 1; }; install_data \"${PGDATA}.new\"",
                "mv() { return 1; }; set_data_aside",
                "printf '20260101T000000Z\\n' >\"${STATE_DIRECTORY}/restored\"; mv() { return 1; }; swap_data",
                "control_value() { :; }; note_data",
                "control_value() { printf 'no number\\n'; }; note_data",
                "write_durably() { return 1; }; new_wal_folder",
                "write_durably() { return 1; }; write_configuration \"${PGDATA}\"",
                "pg_controldata() { printf 'max_connections setting: 200\\n'; }; postgres() { return 1; }; keep_recovery_settings",
                "pg_controldata() { printf 'max_connections setting: a[$(touch /dev/null)]\\n'; }; postgres() { echo 1; }; keep_recovery_settings"
            })
    void that_fails_is_returned(String step) {
        Tool.Result result = functions.run(DATA + "{ " + step + "; } && exit 7; printf 'failed\\n'");
        assertThat(result.output()).endsWith("failed\n");
        assertThat(functions.list("data")).contains("pgdata", "pgdata.new");
        assertThat(functions.list("data/state")).doesNotContain("had-data");
    }

    /** On a full volume a file that is written anew ends up empty, and a server without its configuration is another one. */
    @Test
    void leaves_the_configuration_that_is_there() throws Exception {
        functions.run(DATA + "printf 'old\\n' >\"${PGDATA}/postgresql.conf\"");
        Tool.Result result =
                functions.run("mv() { return 1; }; write_configuration \"${PGDATA}\" || printf 'failed\\n'");
        assertThat(result.output())
                .contains("is the data volume full or read-only?")
                .endsWith("failed\n");
        assertThat(Project.read(folder.resolve("data/pgdata/postgresql.conf"))).isEqualTo("old\n");
    }

    /** The name is taken: what is moved must not end up inside of it. */
    @Test
    void moves_into_no_folder_that_is_there() {
        Tool.Result result = functions.run(DATA + """
                date() { printf '20260101T000000Z\\n'; }
                mkdir -p -- "${PGDATA}.before-20260101T000000Z/whole"
                set_data_aside || printf 'failed\\n'
                """);
        assertThat(result.output()).endsWith("failed\n");
        assertThat(functions.list("data/pgdata.before-20260101T000000Z")).containsExactly("whole");
        assertThat(functions.list("data")).contains("pgdata");
    }

    @Test
    void installs_whole_data_and_drops_only_what_they_replace() {
        Tool.Result result = functions.run(
                DATA + "control_value() { echo 7; }; control_timeline() { echo 1; }; install_data \"${PGDATA}.new\"");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(functions.list("data")).containsExactly("pgdata", "state");
        assertThat(functions.list("wal")).containsExactly("wal-20260101T000000Z-2");
        assertThat(Files.isSymbolicLink(folder.resolve("data/pgdata/pg_wal"))).isTrue();
    }

    /** The WAL volume is not mounted: nothing is started, and its name is in the message. */
    @Test
    void starts_nothing_without_the_wal() {
        Tool.Result result = functions.run(DATA + "rm -r -- \"${WAL_DIRECTORY}/wal-20260101T000000Z-1\"; require_wal");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("wal-20260101T000000Z-1, which is not there", "Nothing is started or changed");
    }

    /** A note that was forgotten, or is about another server, makes no maintenance of a crash. */
    @ParameterizedTest
    @ValueSource(strings = {"", "42 999999999", "4242 1", "4242", "4242 x[$(touch /dev/null)]", "0 999999999"})
    void takes_no_crash_for_a_stop_by_hand(String note) {
        Tool.Result result = functions.run(
                "printf '%s\\n' '" + note
                        + "' >\"${RUNTIME_DIRECTORY}/stop_request\"; postmaster_pid=4242 postmaster_is_child=yes; was_stopped 137 || printf 'crash\\n'");
        assertThat(result.output()).isEqualTo("crash\n");
        assertThat(functions.list("tmp")).isEmpty();
    }

    @Test
    void takes_a_requested_stop_for_one() {
        Tool.Result result = functions.run(
                "printf '4242 999999999\\n' >\"${RUNTIME_DIRECTORY}/stop_request\"; postmaster_pid=4242 postmaster_is_child=yes; was_stopped 137 && printf 'stop\\n'");
        assertThat(result.output()).isEqualTo("stop\n");
    }
}
