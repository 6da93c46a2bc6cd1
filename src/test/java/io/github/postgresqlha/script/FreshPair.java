package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests of which each has a pair of its own, which streams; a member can be frozen, and then says nothing; a client works beside the test. */
abstract class FreshPair {

    private static final String MANY_SUBTRANSACTIONS =
            "SET idle_in_transaction_session_timeout = 0; CREATE TABLE s (i int); BEGIN;"
                    + " DO $$ BEGIN FOR i IN 1..200 LOOP BEGIN INSERT INTO s VALUES (i); EXCEPTION WHEN others THEN NULL; END; END LOOP; END $$;";

    protected LocalPair pair;
    protected LocalInstance primary;
    protected LocalInstance standby;
    private long frozen;
    private @Nullable Process client;

    @BeforeEach
    void start() {
        pair = LocalPair.streaming();
        primary = pair.primary().createRows();
        standby = pair.standby();
    }

    @AfterEach
    void stop() {
        if (frozen != 0) {
            thaw();
        }
        stopClient();
        pair.close();
    }

    /** A client of this member, which can be stopped; it ends with the test. */
    protected Process startClient(LocalInstance member, ProcessBuilder.Redirect output, String... command)
            throws IOException {
        stopClient();
        client = pair.local()
                .process(
                        Map.of(
                                "PGHOST",
                                member.environment("SOCKET_DIRECTORY"),
                                "PGPORT",
                                String.valueOf(member.port())),
                        command)
                .redirectOutput(output)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return client;
    }

    /** On the primary, with more subtransactions than a standby that starts can know of: it takes no connections until this ends. */
    protected void holdTransactionOpen() throws IOException {
        Process client = startClient(
                primary, ProcessBuilder.Redirect.DISCARD, "psql", "-XAtqw", "-U", "airflow", "-d", "airflow");
        client.getOutputStream().write((MANY_SUBTRANSACTIONS + "\n").getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
        primary.await(
                Duration.ofSeconds(30),
                () -> primary.sql("SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'")
                        .equals("1"),
                "the open transaction");
    }

    /** A client of this member; its file has a line for each commit that was acknowledged. */
    protected Path writeBeside(LocalInstance member) throws IOException {
        Path acknowledged = member.runtime().resolve("acknowledged");
        Files.createFile(acknowledged);
        startClient(
                member,
                ProcessBuilder.Redirect.to(acknowledged.toFile()),
                "bash",
                "-c",
                "while sleep 0.02; do psql -XAtqw -v ON_ERROR_STOP=1 -U airflow -d airflow -c \"INSERT INTO rows (note) VALUES ('late')\" && echo acknowledged; done");
        return acknowledged;
    }

    protected void stopClient() {
        if (client != null) {
            client.destroy();
        }
    }

    /** Waits for it, and stops it; gives its number. */
    protected static String stopStartupProcess(LocalInstance member) {
        return member.run(
                        "bash",
                        "-c",
                        "for n in {1..2000}; do p=$(pgrep -f startup -P \"$(head -n 1 " + member.data()
                                + "/postmaster.pid 2>/dev/null)\" 2>/dev/null | head -n 1)"
                                + "; if [[ -n $p ]]; then kill -STOP $p && echo $p && exit; fi; sleep 0.005; done; exit 1")
                .output()
                .strip();
    }

    /** The primary has stopped, and at its address something takes connections and says nothing, as the name of a pod that is scaled to 0 may for some seconds. */
    protected void promoteBesideSilentAddress() throws IOException {
        try (ServerSocket nobody = new ServerSocket(primary.port(), 50, InetAddress.getLoopbackAddress())) {
            assertThat(nobody.isBound()).isTrue();
            standby.await(
                    Duration.ofSeconds(10),
                    () -> standby.sql("SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'")
                            .equals("0"),
                    "the end of the stream");
            standby.touchTrigger().awaitRole("primary");
        }
    }

    /** Its server and all of that one's processes, until {@link #thaw()}. */
    protected void freeze(LocalInstance member) {
        frozen = member.postmaster();
        signal("STOP");
    }

    protected void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        primary.run("sh", "-c", "kill -" + name + " " + frozen + " $(ps -o pid= --ppid " + frozen + ")");
    }
}
