package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A peer that holds another database system, on a newer timeline: nothing here is replaced by it unasked, and nothing is lost. */
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
        foreign.run(
                "sh",
                "-c",
                "rm -rf " + foreign.data() + " " + foreign.state() + "/* " + foreign.environment("WAL_DIRECTORY")
                        + "/*");
        foreign.with("INSTANCE_ROLE", "primary").startAlone().awaitLog("write the word down into");
        foreign.run("sh", "-c", "echo down >" + foreign.runtime() + "/promote_trigger");
        foreign.awaitRole("primary");
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
        own.awaitLog("holds another database system");
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

    /** A person may ask for just that: what was here is kept, although it was never primary. */
    @Test
    void replaces_on_request_and_keeps_what_was_here() {
        own.run("sh", "-c", "echo standby > " + own.state() + "/last-role");
        own.start().awaitLog("holds another database system");
        own.run("touch", own.runtime() + "/rebuild_request");
        assertReplacedAndKept();
    }

    /** A rejoin that did not end takes no requests: the log names the note. */
    @Test
    void keeps_what_a_note_by_hand_lets_it_replace() {
        own.run("sh", "-c", "echo > " + own.state() + "/rejoin; echo > " + own.state() + "/rewind-began");
        own.start().awaitLog("First see which of the two holds your rows");
        own.run("touch", own.state() + "/rebuild");
        assertReplacedAndKept();
    }

    /** The documentation's way where the rows are here: the other one goes, this one is promoted, the other one copies it. */
    @Test
    void serves_its_rows_when_the_other_one_was_made_to_go() {
        own.run("sh", "-c", "echo standby > " + own.state() + "/last-role");
        own.start().awaitLog("holds another database system");
        // failover.sh does not compare places of two systems.
        own.await(
                Duration.ofSeconds(30),
                () -> Project.read(own.state().resolve("instance.state"))
                        .contains("peer_system=" + foreign.systemIdentifier()),
                "a note of the peer's system");
        assertThat(foreign.stop()).as(foreign.log()).isZero();
        own.run("sh", "-c", "echo down > " + own.runtime() + "/promote_trigger");
        own.awaitRole("primary").awaitRows(rows);
        foreign.start().awaitLog("holds another database system");
        foreign.run("touch", foreign.runtime() + "/rebuild_request");
        pair.awaitStreaming(own, foreign);
        foreign.awaitRows(rows);
        assertThat(foreign.news()).contains("ABANDONED: the data that were here are kept in ");
    }

    private void assertReplacedAndKept() {
        own.awaitLog("copy of postgresql-standby complete");
        pair.awaitStreaming(foreign, own);
        assertThat(own.systemIdentifier()).isEqualTo(foreign.systemIdentifier());
        assertThat(own.news()).contains("ABANDONED: the data that were here are kept in " + own.data() + ".abandoned-");
        assertThat(own.stop()).as(own.log()).isZero();
        // The kept folder is a database: PostgreSQL reads its rows.
        Tool.Result read = own.run(
                "bash",
                "-c",
                "cd " + own.data() + ".abandoned-* && rm -f standby.signal && pg_controldata . && "
                        + "postgres --single -D \"$PWD\" airflow <<<'SELECT count(*) FROM rows'");
        assertThat(read.output())
                .containsPattern("system identifier: *" + system)
                .contains("count = \"10\"");
    }

    private void assertKept() {
        assertThat(own.systemIdentifier()).isEqualTo(system);
        assertThat(own.news()).doesNotContain("copying postgresql-standby").doesNotContain("role: primary");
    }
}
