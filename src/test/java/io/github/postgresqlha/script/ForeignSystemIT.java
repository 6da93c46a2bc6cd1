package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A peer that holds another database system, on a newer timeline: nothing here is ever replaced by it. */
@Tag("long")
class ForeignSystemIT {

    private LocalPair pair;
    private LocalInstance own;
    private LocalInstance foreign;
    private String system;
    private String rows;

    @BeforeEach
    void start() {
        pair = LocalPair.streaming();
        own = pair.primary().createRows();
        foreign = pair.standby();
        own.insert(10, "own");
        rows = own.rows();
        assertThat(foreign.stop()).as(foreign.log()).isZero();
        assertThat(own.stop()).as(own.log()).isZero();
        system = own.systemIdentifier();
        foreign.run("sh", "-c", "rm -rf " + foreign.data() + " " + foreign.state() + "/*");
        foreign.with("INSTANCE_ROLE", "primary").start().awaitRole("primary");
        assertThat(foreign.stop()).as(foreign.log()).isZero();
        assertThat(foreign.run(
                                pair.local().programs() + "/bin/pg_resetwal",
                                "-l",
                                "000000050000000000000010",
                                "-D",
                                foreign.data().toString())
                        .status())
                .isZero();
        // As a failover leaves it; a copy asks for it.
        foreign.run(
                "sh", "-c", "printf '4\\t0/1000000\\tno reason\\n' > " + foreign.data() + "/pg_wal/00000005.history");
        foreign.start().awaitRole("primary");
        assertThat(foreign.timeline()).isEqualTo("00000005");
    }

    @AfterEach
    void stop() {
        pair.close();
    }

    @Test
    void is_no_reason_to_open_or_to_rejoin() {
        own.start().awaitRole("undecided");
        own.awaitLog("holds another database system");
        own.awaitLog("nothing is copied over");
        Pause.milliseconds(3_000);
        assertKept();
        assertThat(own.role()).isEqualTo("undecided");
        assertThat(own.sql("SELECT pg_is_in_recovery()")).isEqualTo("t");
        assertThat(own.rows()).isEqualTo(rows);
    }

    @Test
    void does_not_replace_a_standby() {
        own.run("sh", "-c", "echo standby > " + own.state() + "/last-role");
        own.with("STUCK_SECONDS", "2").start().awaitRole("standby");
        own.awaitLog("nothing is copied over");
        Pause.milliseconds(5_000);
        assertKept();
        assertThat(own.rows()).isEqualTo(rows);
    }

    /** The peer's volume was lost and initialised anew while this instance was in the middle of a rejoin. */
    @Test
    void does_not_complete_an_interrupted_rejoin() {
        own.run("sh", "-c", "echo > " + own.state() + "/rejoin; echo > " + own.state() + "/rewind-began");
        own.start().awaitLog("holds another database system");
        Pause.milliseconds(5_000);
        assertKept();
        assertThat(own.isAlive()).isTrue();
    }

    /** A person may ask for just that. */
    @Test
    void replaces_on_request() {
        own.start().awaitLog("nothing is copied over");
        own.run("touch", own.runtime() + "/rebuild_request");
        own.awaitLog("copy of postgresql-standby complete");
        pair.awaitStreaming(foreign, own);
        assertThat(own.systemIdentifier()).isEqualTo(foreign.systemIdentifier());
    }

    private void assertKept() {
        assertThat(own.systemIdentifier()).isEqualTo(system);
        assertThat(own.news()).doesNotContain("copying postgresql-standby").doesNotContain("role: primary");
    }
}
