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
import org.junit.jupiter.api.Test;

/** A member without data: it makes a new database only when the other one says that it has none either. */
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
        primary.run("sh", "-c", "echo down >" + primary.runtime() + "/promote_trigger");
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
        primary.run(
                "sh",
                "-c",
                "rm -rf " + primary.data() + " " + primary.state() + " " + primary.environment("WAL_DIRECTORY") + "/*");
        primary.startAlone().awaitLog("no data here: waiting for postgresql-standby to serve as primary");
        assertThat(standby.stop()).isZero();
        primary.awaitLog("no data here, and postgresql-standby has not said that it has none");
        Pause.milliseconds(6_000);
        assertThat(primary.news()).doesNotContain("initialising a new cluster");
        standby.startAlone().awaitRole("standby");
        standby.run("sh", "-c", "echo down >" + standby.runtime() + "/promote_trigger");
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
        primary.awaitRows("kept=3");
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
