package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer whose scripts publish other words, or none, is named; a peer that has not published anything yet is not. */
class OtherVersionTest {

    private static final String ANSWER = """
            own_system=7 probe_running=1
            answer() {
              printf '%s\\n' asked=1 at=1 role=recovery system=7 timeline=1 lsn=0/1 "$@" >"${RUNTIME_DIRECTORY}/peer.answer-1"
              due_at_once other_version
              peer_answered=0
              take_answers
              printf 'peer is %s\\n' "${peer_state}"
            }
            """;

    @TempDir
    Path folder;

    private ScriptFunctions functions;

    @BeforeEach
    void create() {
        functions = new ScriptFunctions(folder);
    }

    @Test
    void is_named() {
        assertThat(said("answer updated=5 protocol=2"))
                .contains("runs another version of these scripts (protocol 2, here 1)", "peer is recovery");
        assertThat(said("answer updated=5")).contains("(protocol none, here 1)", "peer is recovery");
    }

    @Test
    void is_not_alarmed_by_the_same_one_nor_before_there_are_notes() {
        assertThat(said("answer updated=5 protocol=1; answer"))
                .contains("peer is recovery")
                .doesNotContain("another version");
    }

    private String said(String program) {
        return functions.run(ANSWER + program).output();
    }
}
