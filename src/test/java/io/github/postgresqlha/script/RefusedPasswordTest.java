package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that start with passwords which the roles do not have wait for ever, and say for what. */
class RefusedPasswordTest {

    @TempDir
    private Path folder;

    @Test
    void is_said_when_it_lasts_longer_than_a_rotation() {
        String said = new ScriptFunctions(folder).run("""
                source "${script_dir}/upkeep/credentials.sh"
                log_error() { printf 'ERROR %s\\n' "$*"; }
                every() { :; }
                PEER_NAME=b peer_state=unknown peer_reason=' (FATAL:  password authentication failed for user "monitor")'
                now=100; tell_refused_password
                now=270; tell_refused_password
                peer_state=primary; tell_refused_password
                peer_state=unknown; tell_refused_password
                now=440; tell_refused_password
                now=450; tell_refused_password
                """).output();
        assertThat(said)
                .startsWith("ERROR b refuses the passwords of the Secret")
                .hasLineCount(1);
    }
}
