package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A question to the peer that hangs, as to a pod that is gone: the next one is asked beside it, and the newer question counts. */
class HangingQuestionTest {

    private static final String ASKING = """
            exec {tick_fd}<> <(:)
            own_system=7 peer_reason='' stop_signal='' role_began=0 last_seen=''
            note_peer() { :; }
            peer_connection() { :; }
            primary=$'role=primary\\nsystem=7\\ntimeline=3\\nlsn=0/5000000'
            # The first question finds nobody; the second one finds a primary.
            ask_server() {
              if ((peer_asked == 1)); then sleep 1.5 && said='reason=no answer within 2 s'; else said=${primary}; fi
            }
            """;

    @TempDir
    Path folder;

    @Test
    void is_not_waited_for_where_something_is_to_be_settled() {
        assertThat(said("""
                until ((peer_answered > 0)); do watch_peer 0; tick; done
                printf '%s %s\n' "${peer_answered}" "${peer_state}"
                # Nothing new is asked from here on, and the first question ends.
                while ((now_hundredths - asked_hundredths < 170)); do watch_peer 100; tick; done
                printf '%s\n' "${peer_state}"
                wait
                """)).isEqualTo("2 primary\nprimary");
    }

    @Test
    void of_a_quiet_pair_is_waited_for() {
        assertThat(said("""
                until ((peer_answered > 0)); do watch_peer 4; tick; done
                printf '%s %s asked=%s\\n' "${peer_answered}" "${peer_state}" "${peer_asked}"
                wait
                """)).isEqualTo("1 unknown asked=1");
    }

    private String said(String program) {
        return new ScriptFunctions(folder).run(ASKING + program).output().strip();
    }
}
