package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which member says that it has no data, and how long another one's note of that counts. */
class EmptyVolumeTest {

    private static final String LIBRARIES = """
            for library in lib/timelines lib/archive-timeline instance/empty; do source "$1/${library}.sh"; done
            perl() { printf 'says it, volume %s\\n' "$4"; }
            peer_is_fresh() { :; }
            control_timeline() { echo 1; }
            CONFIG_DIRECTORY=${home}
            : >"${home}/postgresql.conf"
            due_at_once() { :; }
            every() { return 1; }
            """;

    private static final String NAMED = "11111111-2222-3333-4444-555555555555";

    private static final String NAMED_ANSWER = "volume " + NAMED;

    @TempDir
    Path folder;

    private ScriptFunctions functions;

    @BeforeEach
    void create() {
        functions = new ScriptFunctions(folder);
    }

    @Test
    void an_empty_volume_keeps_the_name_that_it_says() {
        String said = functions.run(LIBRARIES + "say_empty; wait").output();
        assertThat(said).matches("says it, volume [0-9a-f-]{36}\n");
        assertThat(functions.run(LIBRARIES + "say_empty; wait").output()).isEqualTo(said);
    }

    @ParameterizedTest
    @CsvSource({
        "state/had-data, ''",
        "pgdata.before-20260101T000000Z/PG_VERSION, ''",
        "pgdata.before-pitr-20260101T000000Z/PG_VERSION, ''",
        "pgdata.abandoned-20260101T000000Z/PG_VERSION, ''",
        "pgdata.cloning/PG_VERSION, says it",
        "pgdata.initialising/PG_VERSION, says it"
    })
    void one_that_had_data_says_nothing(String file, String expected) {
        String made =
                "mkdir -p ${home}/data/" + file + "; rmdir ${home}/data/" + file + "; echo 17 >${home}/data/" + file;
        assertThat(functions.run(LIBRARIES + made + "\nsay_empty; wait").output())
                .matches(expected.isEmpty() ? "" : expected + ".*\n");
    }

    /** Of another volume, though the peer says the same; of an older version, which names none; and beside a newer timeline. */
    @ParameterizedTest
    @CsvSource({
        "1, volume " + NAMED + ", only",
        "'', volume " + NAMED + ", only",
        "'1\n17', volume " + NAMED + ", not",
        "1, volume 99999999-2222-3333-4444-555555555555, not",
        "1, volume, not",
        "1, '', not"
    })
    void a_note_of_an_empty_peer_is_of_one_volume(String archived, String says, String expected) {
        String asked = LIBRARIES + "printf '%s\\n' '" + archived + "' >\"${RUNTIME_DIRECTORY}/archive-timeline\"\n"
                + "peer_reason=' (FATAL:  no data here, " + NAMED_ANSWER + ")'; note_empty_peer\n"
                + "peer_reason=' (FATAL:  no data here, " + says + ")'\n"
                + "if is_only_copy; then echo only; else echo not; fi";
        assertThat(functions.run(asked).output()).isEqualTo(expected + "\n");
    }

    /** What a look at the archive finds is waited for: the last one may be of a time before the other was promoted. */
    @Test
    void a_look_at_the_archive_that_is_under_way_is_waited_for() {
        String asked = LIBRARIES + "peer_reason=' (FATAL:  no data here, " + NAMED_ANSWER + ")'; note_empty_peer\n"
                + "lists_archive() { :; }; now=10\n"
                + "for archive_timeline_began in 8 7; do if is_only_copy; then echo only; else echo not; fi; done";
        assertThat(functions.run(asked).output()).isEqualTo("not\nonly\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "reason=FATAL:  the database system is starting up",
                "reason=FATAL:  password authentication failed for user \"monitor\"",
                "reason=FATAL:  sorry, too many clients already",
                "role=recovery\nsystem=8",
                "role=primary\nsystem=8\ntimeline=1\nlsn=0/1",
                "role=primary\nsystem=7\ntimeline=1\nlsn=0/1"
            })
    void any_other_answer_of_a_server_ends_the_note(String answer) {
        assertThat(noteAfter(answer)).isEqualTo("gone\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "reason=FATAL:  no data here, volume " + NAMED,
                "reason=connection refused",
                "reason=no answer within 2 s"
            })
    void silence_does_not(String answer) {
        assertThat(noteAfter(answer)).isEqualTo("there\n");
    }

    private String noteAfter(String answer) {
        return functions
                .run(
                        LIBRARIES + """
                        protocol_version=1 last_seen='' own_system=7
                        : >"${STATE_DIRECTORY}/peer-empty"
                        """ + "printf '%s\\n' 'asked=1' 'at=1' '" + answer.replace("\n", "' '")
                                + "' >\"${RUNTIME_DIRECTORY}/peer.answer-1\"\n"
                                + "take_answers; if [[ -e \"${STATE_DIRECTORY}/peer-empty\" ]]; then echo there; else echo gone; fi")
                .output();
    }
}
