package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        primary.awaitLog("no data here, and postgresql-standby has not said that it has none");
        thaw();
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
        primary.awaitRows("kept=3");
        assertThat(primary.news()).doesNotContain("initialising a new cluster");
    }

    /** The application can write into the log whatever it likes, and look like the last record of a clean shutdown. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "desc: CHECKPOINT_SHUTDOWN ",
                "x\nrmgr: XLOG        len (rec/tot):    114/   114, tx:          0, lsn: 0/03000028, prev 0/02FFFFF0, desc: CHECKPOINT_SHUTDOWN redo 0/3000028"
            })
    void words_of_the_application_are_no_proof(String prefix) {
        // Nothing that the server writes by itself comes after it.
        primary.sql("ALTER SYSTEM SET autovacuum = off");
        primary.sql("ALTER SYSTEM SET bgwriter_delay = '10s'");
        primary.sql("SELECT pg_reload_conf()");
        Pause.milliseconds(2_000);
        primary.sql("CHECKPOINT");
        Pause.milliseconds(6_000); // until its place was seen before
        primary.sql(
                "airflow",
                "airflow",
                "SELECT pg_logical_emit_message(false, '" + prefix.replace("'", "''") + "', 'x', true)");
        standby.await(
                Duration.ofSeconds(5),
                () -> primary.sql("SELECT pg_current_wal_flush_lsn()")
                        .equals(standby.sql("SELECT pg_last_wal_receive_lsn()")),
                "the record at the standby");
        freeze(primary);
        standby.touchTrigger();
        standby.awaitLog("promotion pending: postgresql-primary is silent, which is no proof that it is down");
        thaw();
        standby.awaitLog("promotion pending: postgresql-primary is primary");
    }

    /** Logins of replication that say nothing take all WAL senders, and no password is asked for that. */
    @Test
    void logins_that_say_nothing_do_not_keep_it_from_being_promoted() throws IOException {
        primary.insert(2, "kept");
        standby.awaitRows("kept=2");
        byte[] startup = startup("user", "replicator", "replication", "true");
        List<Socket> flood = new ArrayList<>();
        try {
            primary.with("RESTART_IN_PLACE_SECONDS", "-1").kill();
            for (int count = 0; count < 12; count++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), standby.port());
                socket.getOutputStream().write(startup);
                flood.add(socket);
            }
            standby.run("sh", "-c", "echo down >" + standby.runtime() + "/promote_trigger");
            standby.await(Duration.ofSeconds(8), () -> standby.role().equals("primary"), "role primary");
        } finally {
            for (Socket socket : flood) {
                socket.close();
            }
        }
        assertThat(standby.rows()).isEqualTo("kept=2");
    }

    /** The first packet of PostgreSQL's protocol 3.0, as settings by name. */
    private static byte[] startup(String... settings) {
        byte[] text = (String.join("\0", settings) + "\0\0").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(8 + text.length)
                .putInt(8 + text.length)
                .putInt(3 << 16)
                .put(text)
                .array();
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
