package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All passwords are exchanged while a member is neither primary nor a standby that serves: it follows the Secret all the same. */
@Tag("long")
class ExchangedSecretIT extends FreshPair {

    private static final List<String> ROLES =
            List.of("postgres", "airflow", "replicator", "rewinder", "monitor", "backup");

    @Test
    void a_member_whose_copy_was_interrupted_copies_with_the_passwords_of_now() {
        primary.insert(5, "before");
        standby.awaitRows("before=5");
        standby.stop();
        // As a pg_rewind that was killed leaves it.
        standby.run("sh", "-c", "echo from timeline 1 >" + standby.state() + "/rejoin");
        primary.run("truncate", "-s", "1G", primary.data() + "/large");
        standby.start();
        awaitBackup();
        // Of the two processes of pg_basebackup the one that writes the data; the other one goes on answering.
        String copying = "$(pgrep -of 'pg_basebackup.*" + standby.data().getParent() + "')";
        assertThat(standby.run("sh", "-c", "kill -STOP " + copying).status()).isZero();
        exchange();
        // Of the former passwords the source has nothing to say any more, but the copy is not ended for that.
        Pause.milliseconds(70_000);
        assertThat(standby.news()).doesNotContain("ending the copy");
        assertThat(standby.run("sh", "-c", "kill -CONT " + copying).status()).isZero();
        standby.await(Duration.ofSeconds(60), () -> standby.role().equals("standby"), "the role standby");
        primary.insert(1, "after");
        standby.awaitRows("after=1 before=5");
    }

    /** With more than 64 open subtransactions on the primary a standby takes no connections, and streams all the same. */
    @Test
    void a_standby_that_is_starting_streams_again_with_the_passwords_of_now() throws IOException {
        holdTransactionOpen();
        primary.sql("CHECKPOINT");
        standby.stop();
        standby.start();
        primary.await(
                Duration.ofSeconds(60),
                () -> primary.sql("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
                        .equals("1"),
                "the stream");
        assertThat(standby.role()).isEqualTo("starting");
        exchange();
        Pause.milliseconds(25_000);
        primary.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_replication");
        stopClient();
        standby.await(Duration.ofSeconds(60), () -> standby.role().equals("standby"), "the role standby");
    }

    private void exchange() {
        ROLES.forEach(role -> pair.setPassword(role, "renewed-" + role));
        primary.await(Duration.ofSeconds(60), () -> primary.news().contains("passwords set"), "the new passwords");
    }

    private void awaitBackup() {
        primary.await(
                Duration.ofSeconds(60),
                () -> !primary.sql(
                                "SELECT pid FROM pg_stat_replication WHERE application_name = 'pg_basebackup' AND state = 'backup'")
                        .isEmpty(),
                "a base backup");
    }
}
