package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever puts a server at a member's address is not told a password. */
class FakeServerIT {

    private final LocalPair pair = new LocalPair();
    private FakeServer fake;
    private String port;

    @BeforeEach
    void open() throws IOException {
        fake = new FakeServer();
        port = String.valueOf(fake.port());
    }

    @AfterEach
    void close() {
        assertThat(fake.roles()).as("who has come").isNotEmpty();
        fake.close();
        pair.close();
        assertThat(fake.passwords()).isEmpty();
    }

    /** Who is not known to be primary is not streamed from, so the receiver's connection is tried as the copy's is: they are one. */
    @Test
    void is_not_told_by_a_member_that_asks_copies_rejoins_and_streams() {
        pair.primary().start().awaitRole("primary");
        pair.standby().start().awaitRole("standby");
        pair.standby().stop();
        pair.standby().with("PEER_PORT", port).start();
        pair.standby().await(Duration.ofSeconds(40), () -> fake.roles().contains("monitor"), "its questions");
        assertThat(member(
                                "pg_basebackup --no-password -D /nowhere/copy -d \"$(peer_connection replicator replication)\"")
                        .output())
                .contains("requirement \"scram-sha-256\" failed");
        assertThat(member("psql \"$(peer_connection rewinder)\" -c 'SELECT 1'").output())
                .contains("requirement \"scram-sha-256\" failed");
    }

    /** What the supervisor says to its peer, by its own functions. */
    private Tool.Result member(String command) {
        String scripts = pair.local().scripts().toString();
        return pair.standby()
                .run("bash", "-c", "source " + scripts + "/instance.sh && read_environment && " + command + " 2>&1");
    }

    @Test
    void is_not_told_by_scripts_that_look() {
        pair.primary().with("MEMBER_HOSTS", "127.0.0.1").with("REPLICATION_LAG_MAX_BYTES", "1");
        pair.primary().with("REPLICATION_LAG_MAX_SECONDS", "1").with("CONNECTIONS_MAX_PERCENT", "1");
        Map<String, String> there = Map.of("PGPORT", port, "DISK_MAX_PERCENT", "1");
        assertThat(pair.primary().script(there, "health-check.sh").output()).contains("one primary");
        assertThat(pair.primary().script(there, "replication-status.sh").status())
                .isEqualTo(2);
    }

    @Test
    void is_not_told_by_jobs() throws IOException {
        try (LocalArchiver archiver = new LocalArchiver(pair)) {
            archiver.kill();
            archiver.with("PGHOST", "127.0.0.1").with("PGPORT", port).start();
            archiver.awaitLog("no member of 127.0.0.1 accepts writes");
        }
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.putAll(Map.of("PGHOST", "127.0.0.1", "PGPORT", port, "PGDATABASE", "airflow", "BASE_BACKUP_KEEP", "1"));
        job.putAll(Map.of("BACKUP_RETENTION_DAYS", "1", "BACKUP_RETENTION_MINIMUM", "1"));
        assertThat(pair.primary().script(job, "backup.sh").status()).isEqualTo(2);
        assertThat(pair.primary().script(job, "base-backup.sh").status()).isEqualTo(2);
        assertThat(fake.roles()).contains("backup", "replicator");
    }

    /** Whether a server takes connections there is asked while the member is away, and its address may be somebody else's. */
    @Test
    void is_not_told_by_the_pooler() {
        Tool.Result said = pair.standby().run("bash", "-c", """
                for library in lib/log lib/clock lib/facts pooler/ask; do source "%s/${library}.sh"; done
                exec {clock}<> <(:)
                cd -- "%s" && umask 077 && printf '*:*:*:pooler:secret\n' >passfile
                export PASSFILE_DIRECTORY=${PWD} PGPASSFILE=${PWD}/passfile PGUSER=pooler
                silent=yes
                note_ending "host=127.0.0.1 port=%s" answer && cat answer
                """.formatted(
                        pair.local().scripts(), pair.local().makeFolder("memory"), port));
        assertThat(said.output()).startsWith("mute ");
        assertThat(fake.roles()).contains("pooler");
    }

    @Test
    void is_not_told_by_a_restore_nor_by_what_patroni_runs() {
        String none = "none, as Patroni itself has it";
        Tool.Result said = pair.primary()
                .run(
                        "env",
                        "PGREQUIREAUTH=scram-sha-256,none",
                        "PGPASSWORD=secret",
                        "psql",
                        "host=127.0.0.1 port=" + port + " user=replicator dbname=replication");
        assertThat(said.output()).as(none).contains("scram-sha-256");
        pair.primary().start().awaitRole("primary");
        said = pair.primary()
                .run(
                        "env",
                        "PGREQUIREAUTH=scram-sha-256,none",
                        "psql",
                        "-XAtc",
                        "SELECT 'by the socket'",
                        "host=" + pair.primary().environment("SOCKET_DIRECTORY") + " user=postgres dbname=postgres");
        assertThat(said.output()).as(none).contains("by the socket");
        pair.local().program("postgres", "#!/bin/sh\necho \"$PGREQUIREAUTH\"\n");
        said = pair.primary()
                .run(
                        "env",
                        "PATH=" + pair.local().folder() + "/programs-postgres:" + System.getenv("PATH"),
                        pair.local().scripts() + "/patroni/postgres.sh");
        assertThat(said.output()).isEqualTo("scram-sha-256\n");
    }
}
