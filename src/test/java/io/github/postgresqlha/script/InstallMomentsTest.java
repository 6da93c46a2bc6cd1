package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever installs data is ended at each of its steps in turn, by a signal that it may see and by one that it may not. Then the next
 * start has one whole copy in place: the new one where it was complete, else the old one; and of anything else nothing is left.
 */
class InstallMomentsTest {

    private static final String DATA = """
            control_value() { cat -- "${2:-${PGDATA}}/system" 2>/dev/null; }
            control_timeline() { control_value; }
            make() {
              mkdir -p -- "$1" "${WAL_DIRECTORY}/wal-20260101T00000$3Z-1"; echo 17 >"$1/PG_VERSION"; echo 7 >"$1/system"; echo "$2" >"$1/row"
              : >"${WAL_DIRECTORY}/wal-20260101T00000$3Z-1/000000010000000000000001"
              [[ -e "$1/pg_wal" ]] || ln -s "${WAL_DIRECTORY}/wal-20260101T00000$3Z-1" "$1/pg_wal"
            }
            """;

    /** Its commands end the program before what they do; the number of the moment is in STEP. */
    private static final String STEPS = """
            steps=0
            moment() { steps=$((steps + 1)); if ((steps == STEP)); then kill -s SIGNAL "${BASHPID}"; sleep 1; fi; }
            mv() { moment; command mv "$@"; }
            rm() { moment; command rm "$@"; }
            sync() { moment; }
            """;

    private static final String NEXT_START = DATA
            + "settle_install; settle_swap; { has_data && tidy_up; } || exit 9; cat ${PGDATA}/row; [[ -d ${PGDATA}/pg_wal/. ]]";

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM"})
    void a_copy_that_takes_the_place_of_old_data(String signal) {
        walk(
                "make ${PGDATA} old 1; make ${PGDATA}.cloning new 2; : >${WAL_DIRECTORY}/wal-20260101T000002Z-1.attempt",
                "install_data ${PGDATA}.cloning",
                signal,
                List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM"})
    void data_that_nobody_else_may_have(String signal) {
        walk(
                "make ${PGDATA} old 1; make ${PGDATA}.cloning new 2; echo why >${STATE_DIRECTORY}/keep-data",
                "install_data ${PGDATA}.cloning",
                signal,
                List.of("pgdata.abandoned-"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM"})
    void a_recovery_that_takes_the_place_of_the_database(String signal) {
        walk(
                "make ${PGDATA} old 1; make ${PGDATA}.restoring new 2; echo 20260101T000000Z >${STATE_DIRECTORY}/restored",
                "swap_data; remove_durably ${STATE_DIRECTORY}/restored",
                signal,
                List.of("pgdata.before-pitr-"));
    }

    /** Nothing new is there when a removal is cut short. */
    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM"})
    void leftovers(String signal) {
        walk(
                "make ${PGDATA} old 1; make ${PGDATA}.before-20260101T000000Z older 2; make ${PGDATA}.cloning half 3; make ${PGDATA}.restoring half 4",
                "tidy_up",
                signal,
                List.of());
    }

    private void walk(String before, String install, String signal, List<String> kept) {
        boolean ended = true;
        boolean installed = false;
        int step = 0;
        for (step = 1; ended; step++) {
            Path folder = home.resolve(signal + step);
            ScriptFunctions functions = new ScriptFunctions(folder);
            functions.run(DATA + before);
            int status = functions
                    .run(DATA + STEPS.replace("STEP", String.valueOf(step)).replace("SIGNAL", signal) + install)
                    .status();
            ended = status != 0;
            Tool.Result next = functions.run(NEXT_START);
            String at = signal + " at " + step + ": " + functions.list("data") + next.output();
            assertThat(next.status()).as(at).isZero();
            assertThat(next.output()).as(at).containsPattern("(?m)^(old|new)$");
            boolean isNew = next.output().endsWith("new\n");
            assertThat(isNew || !installed)
                    .as(at + ": once it is in place it stays")
                    .isTrue();
            installed = isNew;
            List<String> beside = functions.list("data").stream()
                    .filter(name -> !List.of("pgdata", "state").contains(name))
                    .toList();
            assertThat(beside).as(at).allMatch(name -> kept.stream().anyMatch(name::startsWith));
            assertThat(beside).as(at).hasSize(isNew ? kept.size() : 0);
            assertThat(functions.list("wal")).as(at).hasSize(1 + beside.size());
        }
        assertThat(step).isGreaterThan(3);
    }
}
