package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the follower tells PgBouncer and when, and what happens where one of its processes, or PgBouncer, begins anew. */
class PoolerFollowerTest {

    @TempDir
    Path folder;

    private PoolerFunctions functions;

    @BeforeEach
    void create() {
        functions = new PoolerFunctions(folder);
    }

    @Test
    void a_pool_that_is_to_end_is_not_held() {
        String said = run("""
                PASSFILE_DIRECTORY=$(mktemp -d) STOP_WAIT_SECONDS=0
                source "${script_dir}/pooler/console.sh"
                sleep() { :; }
                psql() { cat >"${PASSFILE_DIRECTORY}/said"; }
                timeout() { printf 'paused '; }
                end_pool write; hold write; wait
                tr '\\n' ' ' <"${PASSFILE_DIRECTORY}/said"; printf '%s' "${owed[write]}"
                rm -r "${PASSFILE_DIRECTORY}"
                """);
        assertThat(said).isEqualTo("RESUME; SHUTDOWN WAIT_FOR_CLIENTS; SHUTDOWN WAIT_FOR_SERVERS;  RESUME");
    }

    @Test
    void a_follower_that_was_restarted_leaves_clients_where_they_were() {
        String again = """
                source "${script_dir}/pooler/follow.sh"
                PGHOST=a,b hosts=(a b) pools=(write) PASSFILE_DIRECTORY=$(mktemp -d) secret_sum=''
                log_info() { :; }
                follow_password() { :; }
                sum_of_settings() { :; }
                ask_all() { :; }
                point() { printf '%s ' "$2"; }
                owe() { printf '%s ' "$2"; }
                answers=(standby 00000002-7); follow_primary
                led='' leader=''
                recall_led
                make_ready
                rm -r "${PASSFILE_DIRECTORY}"
                """;
        assertThat(run(again)).isEqualTo("b RECONNECT b RECONNECT ");
    }

    @Test
    void a_follower_that_was_restarted_lets_clients_go_when_it_knows_that_they_may() {
        String again = """
                source "${script_dir}/pooler/follow.sh"
                log_info() { :; }
                log_warn() { printf 'WARN %s\n' "$*"; }
                point() { printf '%s ' "$2"; }
                owe() { :; }
                hold() { [[ -n "${waiting:-}" ]] || printf 'hold %s ' "$1"; waiting=yes; }
                release() { printf 'release %s ' "$1"; }
                replace() { cat >/dev/null; }
                PASSFILE_DIRECTORY=$(mktemp -d) pools=(write) secret_sum='' PGHOST=a,b
                printf '00000001-7 a\n' >"${PASSFILE_DIRECTORY}/led"
                follow_password() { :; }
                sum_of_settings() { :; }
                ask_all() { :; }
                recall_led; make_ready
                rm -r "${PASSFILE_DIRECTORY}"
                """;
        assertThat(run(again + "look '' standby; look standby standby; look 00000001-7 standby"))
                .isEqualTo(
                        "a WARN a is a standby now, and no member accepts writes: clients wait\nhold write release write ");
        assertThat(run(again + "look 00000001-7 standby")).isEqualTo("a release write ");
        assertThat(run(again + "look mute standby; now=$((now + 60)); look mute standby"))
                .isEqualTo("a release write ");
    }

    @Test
    void a_pgbouncer_that_starts_in_a_hold_is_held_as_well() {
        String said = run("""
                PASSFILE_DIRECTORY=$(mktemp -d)
                source "${script_dir}/pooler/console.sh"
                mkdir "${PASSFILE_DIRECTORY}/write"
                socket=${PASSFILE_DIRECTORY}/write/.s.PGSQL.6432
                timeout() { printf 'x' >>"${PASSFILE_DIRECTORY}/said"; }
                again() { now=$((now + 2)); hold write; while is_running "${holding[write]}"; do sleep 0.01; done; hold write; }
                : >"${socket}"; again; again
                : >"${socket}.new"; mv "${socket}.new" "${socket}"; again; again
                cat "${PASSFILE_DIRECTORY}/said"
                rm -r "${PASSFILE_DIRECTORY}"
                """);
        assertThat(said).isEqualTo("xx");
    }

    @Test
    void a_process_that_asks_and_ends_is_not_missed() {
        String said = run("""
                source "${script_dir}/pooler/ask.sh"
                PASSFILE_DIRECTORY=$(mktemp -d) ports=(5432)
                die() { printf '%s' "$2"; }
                keep_asking() { exec sleep 60; }
                ask_all; check_askers; printf 'all run, '
                kill "${askers[1]}"; wait "${askers[1]}" || true; check_askers
                kill "${askers[0]}"; rm -r "${PASSFILE_DIRECTORY}"
                """);
        assertThat(said).isEqualTo("all run, a process that asks a member has ended: starting anew");
    }

    @Test
    void a_pause_that_was_not_said_yet_is_not_said_after_the_resume() {
        String said = run("""
                PASSFILE_DIRECTORY=$(mktemp -d)
                source "${script_dir}/pooler/console.sh"
                timeout() { sleep 1; printf PAUSE >"${PASSFILE_DIRECTORY}/said"; }
                point() { :; }
                look 00000001-7 standby; look standby standby; look standby 00000002-7
                sleep 2
                printf '%s, said %s' "${owed[write]}" "$(cat "${PASSFILE_DIRECTORY}/said" 2>/dev/null)"
                rm -r "${PASSFILE_DIRECTORY}"
                """);
        assertThat(said).endsWith(" RECONNECT RESUME, said ");
    }

    @Test
    void readers_left_behind_are_those_of_a_member_that_says_nothing() {
        String said = run("""
                source "${script_dir}/pooler/console.sh"
                getent() { printf '10.0.0.%s STREAM\\n' "${2/b/2}"; }
                timeout() {
                  printf '%s\\n' 'type|S' 'addr|10.0.0.1' 'close_needed|1' 'link|x' 'type|S' 'addr|10.0.0.2' 'close_needed|1' 'link|y'
                  printf '%s\\n' 'type|C' 'ptr|x' 'id|7' 'type|C' 'ptr|y' 'id|8'
                }
                answers=('' standby)
                clients_left_behind read "$(answering_addresses)"
                """);
        assertThat(said).isEqualTo("7\n");
    }

    private String run(String commands) {
        return functions.run(commands);
    }
}
