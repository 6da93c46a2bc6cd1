package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a recovery holds of the backups, from its beginning until it is killed. */
@Tag("long")
class KilledRecoveryIT {

    private static final String SKIPPED = "a recovery reads the backups: nothing is removed now";

    private LocalPair pair;
    private LocalInstance primary;
    private LocalRepository repository;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary").createRows();
        repository = new LocalRepository(pair).receive(primary);
        repository.backUp(primary);
        primary.insert(2, "a");
        repository.switchSegment(primary);
        repository.awaitArchived(primary);
        assertThat(cleanup()).doesNotContain(SKIPPED);
    }

    @AfterEach
    void stop() {
        repository.close();
        pair.close();
    }

    @Test
    void what_it_leaves_holds_no_backups_and_is_ended() throws IOException, InterruptedException {
        Process recovery = recover(Map.of(), "--latest", "--yes");
        Path started = Path.of(primary.data() + ".restoring/postmaster.pid");
        primary.await(Duration.ofSeconds(60), () -> hasServer(started), "the server of the recovery");
        assertThat(cleanup()).contains(SKIPPED);
        long server = Long.parseLong(Files.readAllLines(started).get(0));
        recovery.destroyForcibly().waitFor();
        awaitRetention(); // a question to that server may be under way
        primary.awaitLog("a recovery was killed: ending the server that it left, process " + server);
        primary.await(Duration.ofSeconds(20), () -> !Files.exists(started), "its end");
        Tool.Result again = primary.script(Map.of(), "restore-pitr.sh", "--latest", "--yes");
        assertThat(again.status()).as(again.output()).isZero();
        assertThat(primary.rows()).isEqualTo("a=2");
    }

    /** What is fetched may be older than all that retention keeps. */
    @Test
    void it_holds_them_while_it_waits_for_the_copy_outside() throws IOException, InterruptedException {
        primary.run("sh", "-c", "rm " + repository.folder() + "/base/*/base.tar.gz");
        Process recovery = recover(Map.of("OFFSITE_SCHEDULE", "* * * * *"), "--latest", "--from", "offsite");
        primary.await(
                Duration.ofSeconds(60),
                () -> Files.exists(repository.folder().resolve("offsite/request")),
                "the question for the copy");
        assertThat(cleanup()).contains(SKIPPED);
        recovery.descendants().forEach(ProcessHandle::destroyForcibly);
        recovery.destroyForcibly().waitFor();
        awaitRetention();
    }

    private void awaitRetention() {
        primary.await(Duration.ofSeconds(10), () -> !cleanup().contains(SKIPPED), "retention");
    }

    private static boolean hasServer(Path file) {
        try {
            return Files.exists(file) && Files.size(file) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Process recover(Map<String, String> variables, String... arguments) throws IOException {
        Map<String, String> all = new TreeMap<>(variables);
        for (String name : new String[] {
            "MEMBER_NUMBER",
            "BACKUP_DIRECTORY",
            "PGDATA",
            "WAL_DIRECTORY",
            "CONFIG_DIRECTORY",
            "RUNTIME_DIRECTORY",
            "SOCKET_DIRECTORY",
            "PGPORT"
        }) {
            all.put(name, primary.environment(name));
        }
        String[] command = new String[arguments.length + 1];
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        command[0] = pair.local().scripts() + "/restore-pitr.sh";
        return pair.local()
                .process(all, command)
                .redirectErrorStream(true)
                .redirectOutput(pair.local().folder().resolve("recovery.log").toFile())
                .start();
    }

    private String cleanup() {
        Tool.Result result = primary.script(
                Map.of("BACKUP_RETENTION_DAYS", "7", "BACKUP_RETENTION_MINIMUM", "3"), "cleanup-backups.sh");
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }
}
