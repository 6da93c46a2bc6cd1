package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long the health check tries to reach a member: the network of a pod that has just started may let it out only after seconds. */
class HealthReadingTest {

    /** Each look at the clock is two seconds later. */
    private static final String ASKING = """
            source "$1/health/reading.sh"
            milliseconds=0 tries=0
            look_at_milliseconds() { now=$((${now:-0} + 2000)) && milliseconds=${now}; }
            query_member() { echo role=primary; }
            """;

    @TempDir
    Path folder;

    @Test
    void a_member_that_takes_no_connection_yet_is_asked_again() {
        assertThat(said("takes_connections() { tries=$((tries + 1)) && ((tries > 2)); }\nask_one 0 2>&1"))
                .isEqualTo("no connection within 2 s\nno connection within 4 s\nrole=primary");
    }

    @Test
    void a_member_that_takes_none_is_given_up() {
        assertThat(said("takes_connections() { false; }\nask_one 0 2>&1 || echo gave up"))
                .isEqualTo("no connection within 2 s\nno connection within 4 s\nno connection within 6 s\ngave up");
    }

    @Test
    void an_answer_waits_for_its_certificate_and_a_silent_member_does_not() {
        String members = "hosts=(a b) asked=$2\n: >\"$2/0.answer\"\nall_shown && echo shown || echo missing\n"
                + ": >\"$2/0.done\"\nall_shown && echo shown || echo missing";
        assertThat(said(members)).isEqualTo("missing\nshown");
    }

    private String said(String program) {
        return new ScriptFunctions(folder).run(ASKING + program).output().strip();
    }
}
