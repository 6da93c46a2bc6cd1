package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** New data take the place of the old ones, killed at any moment; and what is noted of a peer without data. */
class InstallTest {

    /** Systems are told by a file, so that no server is needed. */
    private static final String DATA = """
            control_value() { cat -- "${2:-${PGDATA}}/system" 2>/dev/null; }
            make() { mkdir -p -- "$1"; echo 17 >"$1/PG_VERSION"; echo "$2" >"$1/system"; }
            drop_leftovers() { rm -rf -- "${PGDATA}".cloning; }
            """;

    @TempDir
    Path folder;

    private ScriptFunctions functions;

    @BeforeEach
    void create() {
        functions = new ScriptFunctions(folder);
    }

    @Test
    void a_copy_whose_place_was_made_free_takes_it() {
        functions.run(
                DATA
                        + "make ${PGDATA} 7; make ${PGDATA}.cloning 7; mv() { [[ $3 != *.cloning ]] || exit 9; command mv \"$@\"; }; install_data ${PGDATA}.cloning");
        assertThat(functions.list("data")).contains("pgdata.cloning").doesNotContain("pgdata");
        assertThat(functions.run(DATA + "settle_install").output()).contains("pgdata.cloning took its place");
        assertThat(functions.list("data")).contains("pgdata").doesNotContain("pgdata.cloning");
        assertThat(functions.list("data/state")).doesNotContain("installing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgdata.before-20260101T000000Z", "../elsewhere", "", "pgdata.cloning"})
    void nothing_else_does(String name) {
        functions.run(DATA + "make ${home}/elsewhere 7; echo '" + name
                + "' >${STATE_DIRECTORY}/installing; make ${PGDATA}.before-20260101T000000Z 7; settle_install");
        assertThat(functions.list("data")).doesNotContain("pgdata");
        assertThat(functions.list("data/state")).doesNotContain("installing");
        assertThat(functions.list("elsewhere")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"7, pgdata", "8, pgdata.abandoned"})
    void data_of_another_system_are_kept(String system, String expected) {
        functions.run(DATA + "make ${PGDATA} " + system + "; make ${PGDATA}.cloning 7; install_data ${PGDATA}.cloning");
        assertThat(functions.list("data")).anyMatch(name -> name.startsWith(expected));
        assertThat(functions.list("data")).noneMatch(name -> name.startsWith("pgdata.before"));
        assertThat(functions.list("data").stream().filter(name -> name.startsWith("pgdata.abandoned")))
                .hasSize(system.equals("7") ? 0 : 1);
    }

    /** The archive knows that it had data and was primary since. */
    @ParameterizedTest
    @CsvSource({"1, only", "'1\n17', not", "'', only"})
    void a_note_of_an_empty_peer_is_older_than_a_newer_timeline(String archived, String expected) {
        String asked = """
                source "$1/lib/timelines.sh"; source "$1/instance/empty.sh"
                says_no_data() { :; }
                control_timeline() { echo 1; }
                : >"${STATE_DIRECTORY}/peer-empty"
                printf '%s\n' "${archived}" >"${RUNTIME_DIRECTORY}/archive-timeline"
                if is_only_copy; then echo only; else echo not; fi
                """;
        assertThat(functions.run("archived='" + archived + "'\n" + asked).output())
                .isEqualTo(expected + "\n");
    }

    @ParameterizedTest
    @CsvSource({"the database system is starting up, gone", "no data here, there", "Connection refused, there"})
    void a_server_that_starts_has_data(String reason, String expected) {
        String asked = """
                due_at_once() { :; }
                every() { return 1; }
                protocol_version=1 last_seen='' own_system=7 facts_refused='' answer_patterns=()
                : >"${STATE_DIRECTORY}/peer-empty"
                printf 'asked=1\nat=1\nreason=%s\n' "${reason}" >"${RUNTIME_DIRECTORY}/peer.answer"
                read_answer
                if [[ -e "${STATE_DIRECTORY}/peer-empty" ]]; then echo there; else echo gone; fi
                """;
        assertThat(functions.run("reason='" + reason + "'\n" + asked).output()).endsWith(expected + "\n");
    }
}
