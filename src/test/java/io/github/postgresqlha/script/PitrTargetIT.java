package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each kind of target, and a swap that loses power. */
@Tag("long")
class PitrTargetIT {

    private LocalPair pair;
    private LocalInstance primary;
    private LocalRepository repository;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        primary = pair.primary();
        holdAtMoments();
        primary.start().awaitRole("primary");
        repository = new LocalRepository(pair).receive(primary);
        primary.createRows().insert(2, "a");
        repository.backUp(primary);
    }

    /** Where a test asks for it, a sync waits for ever: that of everything before the renames, or that between them. */
    private void holdAtMoments() {
        Path program = pair.local().scripts().resolve("bin/sync");
        pair.local().write(program, """
                #!/bin/sh
                moment=before
                [ "$1" = -f ] || ls -d "$2"/pgdata.before-pitr-* >/dev/null 2>&1 && [ -e "$2/pgdata.restoring" ] && moment=between
                [ "$1" = -f ] || [ $moment = between ] || exec /usr/bin/sync "$@"
                [ -e RUNTIME/$moment ] || exec /usr/bin/sync "$@"
                touch RUNTIME/reached
                sleep 600
                """.replace("RUNTIME", primary.runtime().toString()));
        assertThat(program.toFile().setExecutable(true, false)).isTrue();
    }

    @AfterEach
    void stop() {
        repository.close();
        pair.close();
    }

    @Test
    void ends_with_a_transaction_a_restore_point_a_place_or_all_there_is() {
        primary.insert(2, "b");
        String transaction = primary.sql(
                "airflow", "airflow", "INSERT INTO rows (note) VALUES ('c') RETURNING pg_current_xact_id()");
        repository.switchSegment(primary);
        primary.insert(2, "d");
        primary.sql("SELECT pg_create_restore_point('before the upgrade')");
        primary.insert(2, "e");
        String place = primary.sql("SELECT pg_current_wal_lsn()");
        primary.insert(2, "f");
        repository.switchSegment(primary);
        primary.insert(2, "g");
        primary.sql("CREATE ROLE only_in_the_tail");
        repository.awaitArchived(primary);
        assertThat(repository.files("receiving", ".gz.partial")).hasSize(1);

        Tool.Result list = restore("--list");
        assertThat(list.status()).as(list.output()).isZero();
        assertThat(list.output())
                .containsPattern("postgresql_base_20260101_000001 +1 +20\\S+ \\S+ +20\\S+ \\S+ +0/")
                .doesNotContain("GAP");

        // All that is in the archive, its unfinished segment included.
        recover("--latest");
        assertThat(primary.rows()).isEqualTo("a=2 b=2 c=1 d=2 e=2 f=2 g=2");
        assertThat(primary.sql("SELECT count(*) FROM pg_roles WHERE rolname = 'only_in_the_tail'"))
                .isEqualTo("1");
        recover("--target-lsn", place, "--timeline", "1");
        assertThat(primary.rows()).isEqualTo("a=2 b=2 c=1 d=2 e=2");
        recover("--target-name", "before the upgrade", "--timeline", "1");
        assertThat(primary.rows()).isEqualTo("a=2 b=2 c=1 d=2");
        recover("--target-xid", transaction, "--timeline", "1");
        assertThat(primary.rows()).isEqualTo("a=2 b=2 c=1");
        assertThat(primary.timeline()).isEqualTo(Timelines.name(4 * 16 + 1));
        primary.insert(1, "h");
        assertThat(primary.stop()).isZero();
        primary.start().awaitRole("primary");
        assertThat(primary.rows()).isEqualTo("a=2 b=2 c=1 h=1");
    }

    /** PostgreSQL itself takes the first one. */
    @Test
    void of_two_restore_points_with_one_name_the_last_one_is_taken() {
        primary.sql("SELECT pg_create_restore_point('before the upgrade')");
        primary.insert(2, "b");
        repository.switchSegment(primary);
        primary.insert(2, "c");
        String place = primary.sql("SELECT pg_create_restore_point('before the upgrade')");
        primary.insert(2, "d");
        repository.awaitArchived(primary);
        Tool.Result result = restore("--target-name", "before the upgrade", "--yes");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(primary.rows()).isEqualTo("a=2 b=2 c=2");
        assertThat(result.output()).contains("the last one of this name").contains("at 0/");
        assertThat(place).startsWith("0/");
    }

    @Test
    void asks_before_it_swaps() {
        primary.insert(2, "b");
        repository.awaitArchived(primary);
        Tool.Result refused = restore("--latest");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).contains("recovered to the end of the archive", "not confirmed");
        assertThat(Files.exists(Path.of(primary.data() + ".restoring"))).isFalse();
        assertThat(primary.timeline()).isEqualTo("00000001");
        assertThat(primary.run("ls", primary.environment("WAL_DIRECTORY"))
                        .output()
                        .lines())
                .hasSize(1);
    }

    /** Both renames are there or none: the instance comes back with whole data whenever it lost power. */
    @Test
    void survives_a_power_cut_between_the_renames() throws Exception {
        assertThat(swapAndLosePowerAt("between")).isEqualTo("between");
        primary.start().awaitRole("primary");
        assertThat(primary.log()).contains("interrupted between its two steps, is done");
        assertThat(primary.rows()).isEqualTo("a=2 b=2");
        // Without a standby it opens because there is no other copy, on a timeline of its own.
        assertThat(primary.timeline()).isEqualTo(Timelines.name(33));
        assertThat(primary.run("ls", primary.data() + "/..").output())
                .contains("pgdata.before-pitr-")
                .doesNotContain("restoring");
        assertThat(primary.state().resolve("restored")).doesNotExist();
        assertThat(primary.stop()).isZero();
        primary.start().awaitRole("primary");
        assertThat(primary.run("sh", "-c", "ls -d " + primary.data() + ".before-pitr-*/pg_wal/0*")
                        .output())
                .as("the kept copy has its log")
                .contains("00000001");
    }

    /** The standby, which has more of the old timeline, does not open: the newer timeline does. */
    @Test
    void survives_a_power_cut_between_the_renames_with_a_standby() throws Exception {
        pair.standby().with("STUCK_SECONDS", "3").start();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        assertThat(swapAndLosePowerAt("between")).isEqualTo("between");
        primary.start().awaitRole("primary");
        assertThat(primary.timeline()).isEqualTo(Timelines.name(17));
        pair.standby()
                .await(
                        Duration.ofSeconds(60),
                        () -> pair.standby()
                                .sql("SELECT received_tli FROM pg_stat_wal_receiver WHERE status = 'streaming'")
                                .equals("17"),
                        "timeline 17");
        assertThat(primary.rows()).isEqualTo("a=2 b=2");
        pair.standby().awaitRows("a=2 b=2");
        assertThat(pair.standby().log()).doesNotContain("role: primary");
    }

    @Test
    void gives_up_a_swap_that_had_not_begun() throws Exception {
        assertThat(swapAndLosePowerAt("before")).isEqualTo("before");
        primary.start().awaitRole("primary");
        assertThat(primary.log()).contains("had not begun when this instance was stopped");
        assertThat(primary.rows()).isEqualTo("a=2 b=2 c=3");
        assertThat(primary.timeline()).isEqualTo("00000001");
        // restore-pitr.sh sees the end of its member, and may be removing what it made.
        primary.await(
                Duration.ofSeconds(30),
                () -> primary.run("ls", primary.data() + "/..").output().equals("pgdata\nstate\n"),
                "nothing beside the database");
        assertThat(primary.run("ls", primary.environment("WAL_DIRECTORY"))
                        .output()
                        .lines())
                .hasSize(1);
    }

    private String swapAndLosePowerAt(String moment) throws Exception {
        primary.insert(2, "b");
        String time = primary.sql("SELECT clock_timestamp()");
        primary.insert(3, "c");
        repository.awaitArchived(primary);
        pair.local().write(primary.runtime().resolve(moment), "");
        List<String> command =
                new ArrayList<>(List.of(pair.local().scripts() + "/restore-pitr.sh", "--target-time", time, "--yes"));
        Map<String, String> environment = new TreeMap<>();
        for (String name : List.of(
                "MEMBER_NUMBER",
                "BACKUP_DIRECTORY",
                "PGDATA",
                "WAL_DIRECTORY",
                "CONFIG_DIRECTORY",
                "RUNTIME_DIRECTORY",
                "SOCKET_DIRECTORY",
                "PGPORT")) {
            environment.put(name, primary.environment(name));
        }
        Path said = pair.local().folder().resolve("restore.out");
        Process restore = pair.local()
                .process(environment, command.toArray(new String[0]))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        primary.await(
                Duration.ofSeconds(60),
                () -> Files.exists(primary.runtime().resolve("reached")) || !restore.isAlive(),
                "the moment");
        assertThat(restore.isAlive()).as(Project.read(said)).isTrue();
        primary.kill();
        restore.destroyForcibly();
        restore.waitFor();
        Files.delete(primary.runtime().resolve(moment));
        return Files.exists(primary.data()) ? "before" : "between";
    }

    private Tool.Result restore(String... arguments) {
        return primary.script(Map.of(), "restore-pitr.sh", arguments);
    }

    private void recover(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--yes");
        Tool.Result result = restore(all.toArray(new String[0]));
        assertThat(result.status())
                .as(result.output() + repository.listing() + primary.log())
                .isZero();
        assertThat(result.output()).contains("the database is as of");
    }
}
