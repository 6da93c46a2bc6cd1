package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A member without data: it makes a new database only when the other one says that it has none either. */
@Tag("long")
class EmptyMemberIT {

    private LocalPair pair;
    private LocalInstance primary;
    private LocalInstance standby;

    @BeforeEach
    void create() {
        pair = new LocalPair();
        primary = pair.primary();
        standby = pair.standby();
    }

    @AfterEach
    void stop() {
        pair.close();
    }

    @Test
    void waits_until_the_other_one_says_that_it_has_none() {
        primary.startAlone().awaitLog("no data here, and postgresql-standby has not said that it has none");
        Pause.milliseconds(3_000);
        assertThat(primary.role()).isEqualTo("cloning");
        standby.startAlone();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        assertThat(primary.news()).contains("initialising a new cluster");
        assertThat(standby.news()).doesNotContain("initialising a new cluster");
    }

    @Test
    void begins_alone_where_a_person_says_so() {
        primary.startAlone().awaitLog("write the word down into");
        trigger(primary);
        primary.awaitRole("primary");
    }

    /** All volumes of its node are lost, those of the backups too, while the other one has the data and does not serve them. */
    @Test
    void never_makes_a_new_database_beside_one_that_has_stopped() throws IOException {
        primary.start().awaitRole("primary").createRows().insert(3, "kept");
        standby.start();
        pair.awaitStreaming(primary, standby);
        standby.awaitRows("kept=3");
        primary.kill();
        lose(primary);
        primary.startAlone().awaitLog("no data here: waiting for postgresql-standby to serve as primary");
        assertThat(standby.stop()).isZero();
        primary.awaitLog("no data here, and postgresql-standby has not said that it has none");
        Pause.milliseconds(6_000);
        assertThat(primary.news()).doesNotContain("initialising a new cluster");
        standby.startAlone().awaitRole("standby");
        trigger(standby);
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
        primary.awaitRows("kept=3");
    }

    /** A person wrote the word down for another situation: it is no request for a promotion when there are data. */
    @Test
    void forgets_a_trigger_from_before_it_had_data() throws IOException {
        primary.start().awaitRole("primary").createRows().insert(3, "kept");
        standby.start();
        pair.awaitStreaming(primary, standby);
        standby.awaitRows("kept=3");
        assertThat(standby.stop()).isZero();
        primary.kill();
        lose(primary);
        primary.startAlone().awaitLog("write the word down into");
        primary.run("mkdir", "-p", primary.environment("BACKUP_DIRECTORY") + "/base/postgresql_base_20260101T000000Z");
        trigger(primary);
        primary.awaitLog("start it or fail over to it");
        standby.startAlone().awaitRole("standby");
        trigger(standby);
        standby.awaitRole("primary");
        pair.awaitStreaming(standby, primary);
        assertThat(primary.news())
                .contains("the trigger was written while there were no data here, and is removed")
                .doesNotContain("promotion requested");
        assertThat(primary.runtime().resolve("promote_trigger")).doesNotExist();
    }

    /** What a repaired file system, or a slip, can take away. All else of the database is there. */
    @Test
    void never_makes_a_new_database_over_one_without_its_version() throws IOException {
        primary.start().awaitRole("primary").createRows().insert(3, "kept");
        assertThat(primary.stop()).isZero();
        primary.run("rm", primary.data() + "/PG_VERSION", primary.state() + "/had-data");
        standby.startAlone();
        primary.startAlone().awaitLog("holds files, but no PG_VERSION: nothing is made over them");
        trigger(primary);
        Pause.milliseconds(6_000);
        assertThat(primary.news()).doesNotContain("initialising a new cluster");
        primary.kill();
        primary.run("sh", "-c", "echo 17 >" + primary.data() + "/PG_VERSION");
        primary.startAlone();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        primary.awaitRows("kept=3");
    }

    /** A standby that was killed while a copy took the place of its data, under scripts that did not finish that at the next start. */
    @Test
    void says_nothing_of_the_kind_while_there_are_data_beside() throws IOException {
        primary.start().awaitRole("primary").createRows().insert(3, "kept");
        standby.start();
        pair.awaitStreaming(primary, standby);
        standby.awaitRows("kept=3");
        standby.kill();
        standby.run("mv", standby.data().toString(), standby.data() + ".before-20260101T000000Z");
        primary.kill();
        lose(primary);
        standby.startAlone().awaitLog("there are data beside");
        primary.startAlone().awaitLog("no data here, and postgresql-standby has not said that it has none");
        Pause.milliseconds(6_000);
        assertThat(primary.news()).doesNotContain("initialising a new cluster");
        standby.kill();
        standby.run(
                "mv",
                standby.data() + ".before-20260101T000000Z",
                standby.data().toString());
        standby.startAlone().awaitRole("standby");
        trigger(standby);
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
        primary.awaitRows("kept=3");
    }

    /** As in the hours of a large copy, after rebuild-standby.sh --delete-volumes. */
    @Test
    void does_not_keep_the_primary_from_opening_again() {
        primary.start().awaitRole("primary").createRows().insert(3, "kept");
        standby.start();
        pair.awaitStreaming(primary, standby);
        standby.kill();
        lose(standby);
        validUntil("2000-01-01"); // no copy gets on
        standby.startAlone();
        awaitNote();
        assertThat(primary.stop()).isZero();
        primary.startAlone().awaitRole("primary");
        assertThat(primary.news()).contains("there is no other copy of these data");
        validUntil("infinity");
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        standby.awaitRows("kept=3");
        primary.await(
                Duration.ofSeconds(20),
                () -> !primary.state().resolve("peer-empty").toFile().exists(),
                "the end of its note");
    }

    /** Its supervisor hung while the other one's copy ended, and its server was lost before it saw that. */
    @Test
    void does_not_take_a_note_of_a_volume_for_one_of_the_next() throws IOException {
        primary.start().awaitRole("primary").createRows().insert(3, "kept");
        standby.start();
        pair.awaitStreaming(primary, standby);
        standby.kill();
        lose(standby);
        validUntil("2000-01-01");
        standby.startAlone();
        awaitNote();
        primary.run("sh", "-c", "kill -STOP \"$(ps -o ppid= -p " + primary.postmaster() + " | tr -d ' ')\"");
        primary.sql("ALTER ROLE replicator VALID UNTIL 'infinity'");
        standby.awaitRole("standby");
        pair.awaitStreaming(primary, standby);
        primary.kill();
        trigger(standby);
        standby.awaitRole("primary").insert(5, "acknowledged");
        standby.kill();
        lose(standby);
        assertThat(primary.state().resolve("peer-empty")).exists();
        standby.startAlone().awaitLog("no data here");
        primary.with("RESTART_IN_PLACE_SECONDS", "-1").startAlone().awaitRole("undecided");
        Pause.milliseconds(12_000);
        assertThat(primary.role()).isEqualTo("undecided");
        assertThat(primary.news()).doesNotContain("there is no other copy of these data");
    }

    /** Of the volume that is there now: one of its empty time before the first copy may still be there. */
    private void awaitNote() {
        String same = "cmp " + primary.state().resolve("peer-empty") + " "
                + standby.state().resolve("volume");
        primary.await(
                Duration.ofSeconds(30), () -> primary.run("sh", "-c", same).status() == 0, "its note");
    }

    /** The member reconciles that role at its start: whoever comes second is refused, and asks again. */
    private void validUntil(String time) {
        String alter = "ALTER ROLE replicator VALID UNTIL '" + time + "'; SELECT 'done'";
        primary.await(Duration.ofSeconds(20), () -> primary.sql(alter).equals("done"), "replicator until " + time);
    }

    private static void lose(LocalInstance member) {
        member.run(
                "sh",
                "-c",
                "rm -rf " + member.data() + " " + member.state() + " " + member.environment("WAL_DIRECTORY") + "/*");
    }

    private static void trigger(LocalInstance member) {
        member.run("sh", "-c", "echo down >" + member.runtime() + "/promote_trigger");
    }

    /** Clients that connect and say nothing do not keep it from answering; it needs no password to say that it has nothing. */
    @Test
    void answers_at_its_port() throws IOException {
        primary.startAlone().awaitLog("no data here");
        Socket[] silent = new Socket[20];
        for (int i = 0; i < silent.length; i++) {
            silent[i] = new Socket(InetAddress.getLoopbackAddress(), primary.port());
        }
        try {
            primary.await(
                    Duration.ofSeconds(5), () -> connect().output().contains("FATAL:  no data here"), "its answer");
            assertThat(connect().status()).isEqualTo(2);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
        assertThat(primary.stop()).isZero();
        assertThat(connect().output()).contains("Connection refused");
    }

    private Tool.Result connect() {
        return Tool.run(
                pair.local()
                        .process(
                                Map.of("PGCONNECT_TIMEOUT", "3"),
                                "psql",
                                "-XAtqw",
                                "-h",
                                "127.0.0.1",
                                "-p",
                                String.valueOf(primary.port()),
                                "-U",
                                "airflow",
                                "-c",
                                "SELECT 1")
                        .redirectErrorStream(true),
                pair.local().folder());
    }
}
