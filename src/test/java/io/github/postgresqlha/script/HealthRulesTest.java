package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the health check says of members whose answers no pair of servers gives at will. */
class HealthRulesTest {

    private static final String TWO_PRIMARIES = """
            source "${script_dir}/health/rules.sh"
            report() { printf '%s|' "$@" && echo; }
            declare -A fact=([0_instance]=postgresql-primary [0_role]=primary [0_timeline]=17
              [1_instance]=postgresql-standby [1_role]=primary [1_timeline]=18)
            hosts=(postgresql-primary postgresql-standby) primary=''
            """;

    @TempDir
    Path folder;

    private ScriptFunctions functions;

    @BeforeEach
    void create() {
        functions = new ScriptFunctions(folder);
    }

    /** The other one gives way: whoever stops the newer one has stopped the branch that wins. */
    @Test
    void of_two_primaries_names_the_one_on_the_older_timeline() {
        assertThat(functions.run(TWO_PRIMARIES + "check_one_primary 2").output())
                .contains("critical|one primary|SPLIT BRAIN: 2 members accept writes; stop at once, in its namespace:"
                        + " kubectl scale statefulset postgresql-primary --replicas=0;");
        assertThat(functions
                        .run(TWO_PRIMARIES + "fact[0_timeline]=33; check_one_primary 2")
                        .output())
                .contains("kubectl scale statefulset postgresql-standby --replicas=0;")
                .doesNotContain("statefulset postgresql-primary");
    }

    @Test
    void an_old_minor_release_is_a_warning() {
        String release = """
                source "${script_dir}/health/member.sh"
                report() { printf '%s|' "$@" && echo; }
                declare -A fact=([0_instance]=postgresql-primary [0_version]=$1)
                MINIMUM_MINOR=10; check_minor 0
                """;
        assertThat(functions.run(release.replace("$1", "170009")).output())
                .contains("warning|postgresql-primary release|17.9 is older than 17.10: name a newer image");
        assertThat(functions.run(release.replace("$1", "170010")).output())
                .contains("ok|postgresql-primary release|17.10, warns below 17.10");
        assertThat(functions
                        .run(release.replace("$1", "170001").replace("MINIMUM_MINOR=10", "MINIMUM_MINOR="))
                        .output())
                .isEmpty();
    }

    /** Whoever restores what is foreign could have handed it over; it would be the newest proof for ever. */
    @Test
    void a_restore_test_in_the_future_is_no_good_one() {
        String proof = """
                source "${script_dir}/health/proof.sh"
                report() { printf '%s|' "$@" && echo; }
                report_limit() { report limit "$@"; }
                RESTORE_TEST_MAX_AGE_DAYS=8
                declare -A fact=([0_clock]=1800000000 [0_restore_test_result]=good)
                fact[0_restore_test_good_epoch]=$1; check_restore_test 0
                """;
        assertThat(functions.run(proof.replace("$1", "1800900000")).output())
                .contains("warning|restore test|its time is 250 h in the future: the clock was or is wrong");
        assertThat(functions.run(proof.replace("$1", "1799900000")).output()).contains("limit|restore test|1|8| days|");
    }

    /** Whoever is let in nowhere knows nothing of the database. */
    @Test
    void cannot_tell_where_every_member_refuses_the_check_itself() {
        String silent = TWO_PRIMARIES + "fact[0_role]='' fact[1_role]=''; declare -A failure=([0]='FATAL: password"
                + " authentication failed for user \"monitor\"' [1]=\"$1\"); check_one_primary 0";
        assertThat(functions
                        .run(silent.replace("$1", "certificate verify failed"))
                        .output())
                .contains("unknown|one primary|nobody let this check in");
        assertThat(functions.run(silent.replace("$1", "Connection refused")).output())
                .contains("critical|one primary|none: no member accepts writes; 0 of 2 answer");
    }

    @Test
    void a_member_that_is_away_for_too_long_is_critical() {
        String away = """
                source "${script_dir}/health/lag.sh"
                report() { printf '%s|' "$@" && echo; }
                MAINTENANCE_MAX_MINUTES=60 hosts=(a b)
                declare -A failure=([1]='Connection refused')
                declare -A fact=([0_clock]=1800000000 [0_peer_seen]=$1 [1_instance]=postgresql-standby)
                check_silence 1
                """;
        assertThat(functions.run(away.replace("$1", "1799996460")).output())
                .contains("warning|postgresql-standby answers|no, for 59 min: Connection refused");
        assertThat(functions.run(away.replace("$1", "1799996400")).output())
                .contains("critical|postgresql-standby answers|no, for 60 min, critical from 60 min");
    }

    /** An idle primary: what was measured last stays, and says nothing. */
    @Test
    void there_is_no_lag_in_time_where_there_is_nothing_to_replay() {
        String lag = """
                source "${script_dir}/health/lag.sh"
                report_limit() { printf '%s|' "$@" && echo; }
                REPLICATION_LAG_MAX_SECONDS=1 sender_seconds=2
                seconds_of_lag_again() { echo $2; }
                sleep() { :; }
                declare -A fact=([0_replay_age]=7200 [0_instance]=postgresql-standby)
                sender_bytes=$1; check_lag_in_time 0
                """;
        assertThat(functions.run(lag.replace("$1", "0").replace("$2", "9")).output())
                .contains("postgresql-standby lag in time|0|1| s|");
        assertThat(functions.run(lag.replace("$1", "100").replace("$2", "0")).output())
                .contains("postgresql-standby lag in time|0|1| s|");
        assertThat(functions.run(lag.replace("$1", "100").replace("$2", "7201")).output())
                .contains("postgresql-standby lag in time|7200|1| s|");
    }

    @Test
    void a_leak_is_one_client_with_many_idle_sessions() {
        String load = """
                source "${script_dir}/health/load.sh"
                report() { printf '%s|' "$@" && echo; }
                TRANSACTION_MAX_MINUTES=60 IDLE_IN_TRANSACTION_MAX_MINUTES=10 LOCK_WAIT_MAX_SECONDS=60 IDLE_SESSIONS_MAX_PERCENT=40
                CACHE_HIT_MIN_BLOCKS=100 CACHE_HIT_MIN_PERCENT=90 CPU_MAX_PERCENT=80 MEMORY_MAX_PERCENT=90
                declare -A fact=([0_instance]=m [0_max_connections]=200 [0_blocks_hit]=$2 [0_blocks_read]=100 [0_cpu_percent]=$3 [0_memory_percent]=$3
                  [0_long_transaction]='3540 7 airflow' [0_idle_transaction]='600 8 airflow' [0_lock_wait]='60 9 8' [0_idle_sessions]='$1 10.1.2.3 airflow')
                check_load 0
                """;
        assertThat(functions
                        .run("report_limit() { :; }; "
                                + load.replace("$1", "80").replace("$2", "800").replace("$3", "95"))
                        .output())
                .contains(
                        "warning|m idle sessions|one client keeps idle 40 %, warns from 40 %: 80 sessions of airflow from 10.1.2.3")
                .contains("ok|m transactions|59 min, warns from 60 min")
                .contains("warning|m idle in transaction|the longest waits 10 min")
                .contains("warning|m locks|the longest waits 60 s, warns from 60 s: process 9, for process 8")
                .contains("warning|m cache hit ratio|88 %, warns below 90 %");
        assertThat(functions
                        .run("report_limit() { :; }; "
                                + load.replace("$1", "79").replace("$2", "900").replace("$3", "10"))
                        .output())
                .contains("ok|m idle sessions|39 %", "ok|m cache hit ratio|90 %");
    }

    @Test
    void of_three_primaries_all_but_one_have_to_stop() {
        String third = "fact[2_instance]=postgresql-third fact[2_role]=primary fact[2_timeline]=3; hosts+=(third); ";
        assertThat(functions.run(TWO_PRIMARIES + third + "check_one_primary 3").output())
                .contains("3 members accept writes", "postgresql-primary --replicas=0; kubectl scale")
                .contains("postgresql-third --replicas=0")
                .doesNotContain("postgresql-standby --replicas");
    }
}
