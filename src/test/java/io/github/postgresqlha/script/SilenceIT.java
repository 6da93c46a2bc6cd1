package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A person asks for a promotion while the primary does not answer: only what proves that it is down makes the standby go on at once. */
class SilenceIT extends FreshPair {

    /** As behind a network that is cut: the primary may acknowledge commits all the while. */
    @Test
    void a_silent_primary_is_waited_for_and_may_come_back() {
        freeze(primary);
        standby.touchTrigger();
        standby.awaitLog("promotion pending: postgresql-primary is silent, which is no proof that it is down");
        thaw();
        standby.awaitLog("promotion pending: postgresql-primary is primary");
        primary.insert(3, "kept");
        standby.awaitRows("kept=3");
        assertThat(primary.timeline() + standby.sql("SELECT pg_is_in_recovery()"))
                .isEqualTo("00000001t");
    }

    /** The second request is not late because the first one was long ago. */
    @Test
    void a_request_that_was_taken_back_is_forgotten() {
        assertThat(standby.stop()).isZero();
        standby.with("PROMOTE_PENDING_SECONDS", "10").start();
        pair.awaitStreaming(primary, standby);
        standby.touchTrigger();
        standby.awaitLog("promotion pending: postgresql-primary is primary");
        standby.run("rm", standby.runtime() + "/promote_trigger");
        standby.awaitLog("the request for a promotion was taken back");
        Pause.milliseconds(10_000);
        freeze(primary);
        standby.touchTrigger();
        standby.awaitLog("promotion pending: postgresql-primary is silent");
        thaw();
        primary.insert(1, "kept");
        standby.awaitRows("kept=1");
        assertThat(standby.news()).doesNotContain("promoting").doesNotContain("promotion refused");
    }

    @Test
    void a_person_who_knows_that_it_is_down_says_so() {
        freeze(primary);
        standby.run("sh", "-c", "echo down >" + standby.runtime() + "/promote_trigger");
        standby.awaitRole("primary");
        assertThat(standby.news()).doesNotContain("is silent");
        thaw();
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
    }

    @Test
    void the_wait_ends() {
        assertThat(standby.stop()).isZero();
        standby.with("PROMOTE_PENDING_SECONDS", "8").start();
        pair.awaitStreaming(primary, standby);
        freeze(primary);
        standby.touchTrigger().awaitRole("primary");
        assertThat(standby.news()).contains("promotion pending: postgresql-primary is silent");
    }

    /** Its volumes were lost while the other one serves, and that one says nothing for a while. */
    @Test
    void no_empty_database_is_made_beside_it() {
        assertThat(primary.stop()).isZero();
        standby.touchTrigger().awaitRole("primary");
        standby.insert(3, "kept");
        primary.run(
                "sh",
                "-c",
                "rm -rf " + primary.data() + " " + primary.state() + " " + primary.environment("WAL_DIRECTORY") + "/*");
        freeze(standby);
        primary.start();
        primary.awaitLog("no data here, and postgresql-standby is silent");
        thaw();
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
        primary.awaitRows("kept=3");
        assertThat(primary.news()).doesNotContain("initialising a new cluster");
    }

    @Test
    void a_log_that_ends_with_a_clean_shutdown_is_a_proof() throws IOException {
        primary.insert(1, "last");
        assertThat(primary.stop()).isZero();
        promoteBesideSilentAddress();
        assertThat(standby.news()).doesNotContain("promotion pending: postgresql-primary is silent");
        standby.awaitRows("last=1");
    }
}
