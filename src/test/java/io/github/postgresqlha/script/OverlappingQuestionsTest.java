package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions to the peer that are under way together, and a look at the own server that takes long: a member opens on the newest answer, never on an older silence. */
class OverlappingQuestionsTest {

    /** The first question hangs; every later one finds a primary on a newer timeline. */
    private static final String PEER = """
            source "$1/instance/silence.sh"
            source "$1/instance/opening.sh"
            exec {tick_fd}<> <(:)
            own_system=7 protocol_version=1 role=opening role_began=0 last_seen=''
            note_peer() { :; }
            forget_empty_peer() { :; }
            peer_connection() { :; }
            ask_server() {
              if ((peer_asked == 1)); then
                sleep 0.5
                said='reason=no answer within 2 s'
              else
                said=$'role=primary\\nsystem=7\\ntimeline=18\\nlsn=0/5000000'
              fi
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void a_silence_that_was_asked_for_earlier_takes_no_answer_away() {
        assertThat(run("""
                        ask_peer
                        sleep 0.1
                        look_at_clock
                        look_again
                        sleep 1.1
                        look_at_clock
                        watch_peer 4
                        printf '%s of %s, %s\\n' "${peer_answered}" "${opening_question}" "${peer_state}"
                        """)).isEqualTo("2 of 2, primary\n");
    }

    /** The time of the loop's last step is two seconds old when the question is asked. */
    @Test
    void a_second_of_silence_begins_with_the_question() {
        assertThat(run("""
                        look_at_clock
                        sleep 1.2
                        look_again
                        if peer_was_asked; then echo open; else echo waiting; fi
                        """)).isEqualTo("waiting\n");
    }

    @Test
    void an_answer_that_is_there_is_read_before_silence_counts() {
        assertThat(run("""
                        peer_asked=1
                        look_again
                        sleep 1.2
                        if peer_was_asked; then printf '%s\\n' "${peer_state}"; else echo waiting; fi
                        """)).isEqualTo("primary\n");
    }

    private String run(String program) {
        return new ScriptFunctions(folder).run(PEER + program).output();
    }
}
