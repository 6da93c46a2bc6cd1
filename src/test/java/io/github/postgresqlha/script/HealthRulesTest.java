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
                source "${script_dir}/health/rules.sh"
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

    @Test
    void of_three_primaries_all_but_one_have_to_stop() {
        String third = "fact[2_instance]=postgresql-third fact[2_role]=primary fact[2_timeline]=3; hosts+=(third); ";
        assertThat(functions.run(TWO_PRIMARIES + third + "check_one_primary 3").output())
                .contains("3 members accept writes", "postgresql-primary --replicas=0; kubectl scale")
                .contains("postgresql-third --replicas=0")
                .doesNotContain("postgresql-standby --replicas");
    }
}
