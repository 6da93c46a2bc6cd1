package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** New data take the place of the old ones, killed at any moment; what nobody else may have is kept. */
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

    /** Notes of an unfinished rewind and of a copy that was asked for were about the data that were here before. */
    @Test
    void a_copy_whose_place_was_made_free_takes_it() {
        functions.run(DATA
                + "make ${PGDATA} 7; make ${PGDATA}.cloning 7; : >${STATE_DIRECTORY}/rejoin; : >${STATE_DIRECTORY}/rebuild;"
                + " mv() { [[ $3 != *.cloning ]] || exit 9; command mv \"$@\"; }; install_data ${PGDATA}.cloning");
        assertThat(functions.list("data")).contains("pgdata.cloning").doesNotContain("pgdata");
        assertThat(functions.list("data/state")).contains("installing", "rejoin");
        assertThat(functions.run(DATA + "settle_install").output()).contains("pgdata.cloning took its place");
        assertThat(functions.list("data")).contains("pgdata").doesNotContain("pgdata.cloning");
        assertThat(functions.list("data/state")).containsExactly("had-data");
    }

    @Test
    void a_copy_that_is_in_its_place_is_whole_whatever_was_noted_before() {
        functions.run(DATA + "make ${PGDATA} 7; : >${STATE_DIRECTORY}/rejoin;"
                + " echo pgdata.cloning >${STATE_DIRECTORY}/installing; settle_install");
        assertThat(functions.list("data/state")).containsExactly("had-data");
    }

    @Test
    void data_whose_place_was_not_made_free_stay_what_they_were() {
        functions.run(DATA + "make ${PGDATA} 7; make ${PGDATA}.cloning 7; : >${STATE_DIRECTORY}/rejoin;"
                + " echo pgdata.cloning >${STATE_DIRECTORY}/installing; settle_install");
        assertThat(functions.list("data")).contains("pgdata", "pgdata.cloning");
        assertThat(functions.list("data/state")).containsExactly("rejoin");
    }

    /** Where the new data are not there, nothing else takes their place but the old ones. */
    @ParameterizedTest
    @ValueSource(strings = {"pgdata.before-20260101T000000Z", "../elsewhere", "", "pgdata.cloning"})
    void the_old_data_come_back(String name) {
        String output = functions
                .run(DATA + "make ${home}/elsewhere 9; echo '" + name
                        + "' >${STATE_DIRECTORY}/installing; make ${PGDATA}.before-20260101T000000Z 7;"
                        + " : >${STATE_DIRECTORY}/rejoin; settle_install; cat ${PGDATA}/system")
                .output();
        assertThat(output).contains("pgdata.before-20260101T000000Z is").endsWith("7\n");
        assertThat(functions.list("data")).containsExactly("pgdata", "state");
        assertThat(functions.list("data/state")).containsExactly("rejoin");
        assertThat(functions.list("elsewhere")).isNotEmpty();
    }

    /** The next attempt has the same name, and is not whole yet. */
    @Test
    void an_attempt_that_is_dropped_is_not_installed_later() {
        functions.run("echo pgdata.cloning >${STATE_DIRECTORY}/installing; drop_leftovers");
        assertThat(functions.list("data/state")).doesNotContain("installing");
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

    @ParameterizedTest
    @ValueSource(strings = {"timeline=18", "timeline=''", "system=''"})
    void data_of_a_newer_timeline_are_kept_and_those_of_which_nothing_is_known(String said) {
        functions.run(
                DATA + """
                control_timeline() { if [[ ${PGDATA} == *.before-* ]]; then [[ -n ${timeline} ]] && echo "${timeline}"; else echo 17; fi; }
                control_value() { if [[ ${2:-} == *.before-* ]]; then echo "${system}"; else echo 7; fi; }
                system=7 timeline=17
                """ + said + "\nmake ${PGDATA} 7; make ${PGDATA}.cloning 7; install_data ${PGDATA}.cloning");
        assertThat(functions.list("data")).anyMatch(name -> name.startsWith("pgdata.abandoned-"));
    }
}
