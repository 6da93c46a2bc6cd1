package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server without a free connection, as under a flood of half-open logins: it still serves those that it has. */
class OutOfConnectionsTest {

    private static final String FLOODED = """
            for library in decide silence opening; do source "${script_dir}/instance/${library}.sh"; done
            own_system=7 peer_system=7 peer_lsn=0/5000000 peer_intent=none peer_seen=${now} last_seen=${now} served_timeline=''
            give_way() { printf 'gives way: %s\\n' "$1"; }
            look_at_own_server() { own_role='' own_timeline='' own_lsn=''; }
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
                "FATAL: sorry, too many clients already",
                "FATAL: remaining connection slots are reserved for roles with the SUPERUSER attribute"
            })
    void is_there_although_it_refuses(String refusal) {
        assertThat(said("peer_state=unknown peer_reason='" + refusal + "'; facts_of_request down"))
                .isEqualTo("peer=primary ");
    }

    /** Both members show a certificate that has ended, or one of them has not heard of a change yet. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSL error: certificate verify failed",
                "server certificate for \"other\" does not match host name \"postgresql-primary-0.postgresql-peers\"",
                "server does not support SSL, but SSL was required",
                "FATAL:  pg_hba.conf rejects connection for host \"10.0.0.7\", user \"monitor\", database \"postgres\", no encryption",
                "FATAL:  password authentication failed for user \"monitor\""
            })
    void is_there_although_nothing_can_be_asked(String refusal) {
        assertThat(said("peer_state=unknown peer_reason='" + refusal + "'; facts_of_request asked"))
                .isEqualTo("peer=primary ");
    }

    @Test
    void is_not_there_because_a_person_says_so_of_one_that_is_silent() {
        assertThat(said("peer_state=unknown peer_reason='timeout expired'; facts_of_request down"))
                .isEqualTo("peer=down ");
    }

    @Test
    void gives_way_to_a_newer_primary_without_an_answer_of_its_own() {
        assertThat(said("peer_state=primary peer_timeline=18 served_timeline=17; guard"))
                .contains("gives way: the peer is primary on a newer timeline");
        assertThat(said("peer_state=primary peer_timeline=18 served_timeline=33; guard"))
                .isEmpty();
        assertThat(said("peer_state=primary peer_timeline=18; guard")).isEmpty();
    }

    private String said(String program) {
        return functions.run(FLOODED + program).output();
    }
}
