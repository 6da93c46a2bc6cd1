package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
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
            make() { mkdir -p -- "$1/pg_wal"; echo 17 >"$1/PG_VERSION"; echo "$2" >"$1/system"; }
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

    /** The old data could not make room, and a person removed the new ones. */
    @Test
    void old_data_are_not_taken_for_a_copy_that_never_took_their_place() {
        functions.run(
                DATA + "make ${PGDATA} 7; make ${PGDATA}.cloning 7; : >${STATE_DIRECTORY}/rejoin;"
                        + " set_data_aside() { return 1; }; install_data ${PGDATA}.cloning || rm -r ${PGDATA}.cloning; settle_install");
        assertThat(functions.list("data/state")).containsExactly("rejoin");
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

    /** Two of these are the product's own, two a person's; a removal that was cut short is nobody's. */
    @Test
    void only_data_of_our_own_names_and_their_wal_go() {
        functions.run(DATA + """
                own() { make "${PGDATA}$1" 7; rmdir "${PGDATA}$1/pg_wal"; mkdir "${WAL_DIRECTORY}/$2"; : >"${WAL_DIRECTORY}/$2/000000010000000000000001"; ln -s "${WAL_DIRECTORY}/$2" "${PGDATA}$1/pg_wal"; }
                control_timeline() { echo 1; }
                own '' wal-20260101T000000Z-1; own .old wal-20260101T000000Z-2; own .before-mine wal-20260101T000000Z-3
                own .before-20260101T000000Z wal-20260101T000000Z-4; own .cloning wal-20260101T000000Z-5
                own .dropping-20260101T000000Z-before-20250101T000000Z wal-20260101T000000Z-6
                mkdir "${WAL_DIRECTORY}/wal-mine" "${WAL_DIRECTORY}/wal-20260101T000000Z-7" && mkdir "${home}/data/deep" && mv -T "${PGDATA}.before-mine" "${home}/data/deep/pgdata"
                tidy_up
                """);
        assertThat(functions.list("data")).containsExactly("deep", "pgdata", "pgdata.old", "state");
        assertThat(functions.list("wal"))
                .containsExactly(
                        "wal-20260101T000000Z-1", "wal-20260101T000000Z-2", "wal-20260101T000000Z-3", "wal-mine");
    }

    /** Another one's log, in the data of whoever was here before. */
    @ParameterizedTest
    @ValueSource(strings = {".before-20260101T000000Z", ".cloning", ".dropping-20260101T000000Z-x"})
    void wal_that_other_data_use_stays_when_one_of_them_goes(String name) {
        functions.run(DATA
                + "control_timeline() { echo 1; }; make ${PGDATA} 7; mkdir ${WAL_DIRECTORY}/wal-20260101T000000Z-1;"
                + " for data in ${PGDATA}.old ${PGDATA}" + name + "; do make ${data} 7; rmdir ${data}/pg_wal;"
                + " ln -s ${WAL_DIRECTORY}/wal-20260101T000000Z-1 ${data}/pg_wal; done; tidy_up");
        assertThat(functions.list("data")).containsExactly("pgdata", "pgdata.old", "state");
        assertThat(functions.list("wal")).containsExactly("wal-20260101T000000Z-1");
    }

    /** Nothing is made in the place of a database that lost this file, and a copy stands beside it. */
    @ParameterizedTest
    @ValueSource(strings = {"rm ${PGDATA}/PG_VERSION", ": >${PGDATA}/PG_VERSION"})
    void data_without_their_version_are_kept(String loss) {
        Tool.Result result = functions.run(DATA + "make ${PGDATA} 7; echo row >${PGDATA}/row; " + loss
                + "; has_kept_data && echo kept; make ${PGDATA}.cloning 7; install_data ${PGDATA}.cloning");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("kept", "has no PG_VERSION", "ABANDONED");
        assertThat(functions.list("data")).hasSize(3).contains("pgdata");
        String kept = functions.list("data").get(1);
        assertThat(kept).startsWith("pgdata.abandoned-");
        assertThat(functions.list("data/" + kept)).contains("row");
    }

    @Test
    void replaced_data_that_lost_their_version_are_kept_too() {
        functions.run(
                DATA + "control_timeline() { echo 1; }; make ${PGDATA} 7; make ${PGDATA}.before-20260101T000000Z 7;"
                        + " : >${PGDATA}.before-20260101T000000Z/PG_VERSION; tidy_up");
        assertThat(functions.list("data")).containsExactly("pgdata", "pgdata.abandoned-20260101T000000Z", "state");
    }

    /** One lock for all: whoever comes second does nothing. */
    @Test
    void two_installers_exclude_each_other() {
        Tool.Result result = functions.run(
                "flock ${STATE_DIRECTORY}/install.lock sleep 3 & sleep 0.5; install_alone echo installed || echo status $?; wait; install_alone echo installed");
        assertThat(result.output())
                .contains("another copy or recovery is being made")
                .endsWith("status 75\ninstalled\n");
    }

    /** The system of whoever answers, and that it is a primary, as the replication protocol says them. */
    @ParameterizedTest
    @CsvSource({"7|17|0/3000000|, off, yes", "7|17|0/3000000|, on, no", "8|17|0/3000000|, off, no", "'', '', no"})
    void only_a_primary_of_the_system_is_copied(String identity, String standby, String expected) {
        String answers = "psql() { printf '%s\\n%s\\n' '" + identity + "' '" + standby + "'; };"
                + " timeout() { shift; \"$@\"; }; if is_primary_of 7 host=peer; then echo yes; else echo no; fi";
        assertThat(functions.run(answers).output()).isEqualTo(expected + "\n");
    }

    /** What replaces data is asked for again when it is there: a primary meanwhile may have become a standby. */
    @ParameterizedTest
    @CsvSource({
        "here, 7, off, taken",
        "here, 7, on, not",
        "here, 8, off, not",
        "none, 7, on, taken",
        "none, 8, off, not"
    })
    void a_copy_is_taken_from_a_primary_alone(String data, String copied, String standby, String expected) {
        String answers = "source \"${script_dir}/instance/copy.sh\"; psql() { printf '7|17|0/3000000|\\n%s\\n' '"
                + standby
                + "'; }; timeout() { shift; \"$@\"; }; " + DATA + (data.equals("here") ? "make ${PGDATA} 7; " : "")
                + "if may_take_copy 7 " + copied + " 2>/dev/null; then echo taken; else echo not; fi";
        assertThat(functions.run(answers).output()).endsWith(expected + "\n");
    }
}
