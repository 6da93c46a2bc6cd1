package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The clock of the job that takes base backups is ten minutes behind that of the primary. */
@Tag("long")
class BaseOfAnotherClockIT {

    private LocalPair pair;
    private LocalInstance primary;
    private LocalArchiver archiver;
    private LocalClock clock;
    private BaseBackups backups;
    private int taken;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        primary.sql("ALTER SYSTEM SET autovacuum = off");
        primary.sql("SELECT pg_reload_conf()");
        archiver = new LocalArchiver(pair).awaitStreaming(primary);
        clock = new LocalClock(pair.local(), Instant.now().minusSeconds(600));
        backups = new BaseBackups(pair, primary);
        primary.createRows().insert(2, "a");
        take();
    }

    @AfterEach
    void stop() {
        archiver.close();
        pair.close();
    }

    private void take() {
        clock.set(Instant.now().minusSeconds(600));
        Tool.Result result = backups.run(clock.on(Map.of()));
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(backups.names()).hasSize(++taken);
    }

    /** The second base backup is of after the DROP, and says that it ended ten minutes before it. */
    @Test
    void a_recovery_to_a_moment_before_a_drop_brings_the_table_back() {
        primary.insert(2, "b");
        String before = primary.sql("SELECT clock_timestamp()");
        primary.sql("airflow", "airflow", "DROP TABLE rows");
        take();
        primary.sql("airflow", "airflow", "CREATE TABLE later (id int)");
        archiver.awaitFlushed(primary);
        Tool.Result result = primary.script(Map.of(), "restore-pitr.sh", "--target-time", before, "--yes");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(primary.sql("airflow", "airflow", "SELECT count(*) FROM pg_tables WHERE tablename = 'rows'"))
                .as(result.output())
                .isEqualTo("1");
    }

    /** While the second one is taken, something is committed, as always. */
    @Test
    void what_a_dry_run_says_can_be_restored_can_be_restored() {
        primary.insert(2, "b");
        String before = primary.sql("SELECT clock_timestamp()");
        primary.sql("airflow", "airflow", "DROP TABLE rows");
        Thread writer = new Thread(
                () -> primary.sql(
                        "airflow",
                        "airflow",
                        "DO $$ BEGIN FOR i IN 1..100 LOOP PERFORM pg_logical_emit_message(true, 'w', 'x'); COMMIT; PERFORM pg_sleep(0.05); END LOOP; END $$"));
        writer.start();
        take();
        archiver.awaitFlushed(primary);
        assertThat(primary.script(Map.of(), "restore-pitr.sh", "--target-time", before, "--dry-run")
                        .output())
                .contains("dry run: all of this can be restored");
        Tool.Result result = primary.script(Map.of(), "restore-pitr.sh", "--target-time", before, "--yes");
        assertThat(result.status()).as(result.output()).isZero();
    }

    /** The job's clock was set back by a day between two base backups. */
    @Test
    void a_restore_point_between_two_base_backups_is_found() {
        primary.insert(2, "b");
        primary.sql("SELECT pg_create_restore_point('here')");
        archiver.switchSegment(primary);
        clock.set(Instant.now().minus(Duration.ofDays(1)));
        Tool.Result second = backups.run(clock.on(Map.of()));
        assertThat(second.status()).as(second.output()).isZero();
        primary.insert(2, "c");
        archiver.awaitFlushed(primary);
        Tool.Result result = primary.script(Map.of(), "restore-pitr.sh", "--target-name", "here", "--dry-run");
        assertThat(result.status()).as(result.output()).isZero();
    }
}
