package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Targets that are in the archive, and of which a recovery says that they are not. */
@Tag("long")
class TargetNotFoundIT {

    /** Its commit record begins 16 bytes before the end of a segment. */
    static final String SPAN = """
            CREATE FUNCTION span() RETURNS text LANGUAGE plpgsql AS $$
            DECLARE o pg_lsn; d int; gap bigint; x text := pg_current_xact_id();
            BEGIN
              LOOP
                gap := 16777216 - (pg_current_wal_insert_lsn() - '0/0') % 16777216;
                EXIT WHEN gap < 5000;
                PERFORM pg_logical_emit_message(true, 'p', repeat('x', least(gap - 4900, 1000000)::int));
              END LOOP;
              o := pg_current_wal_insert_lsn();
              PERFORM pg_logical_emit_message(true, 'p', repeat('x', 304));
              d := pg_current_wal_insert_lsn() - o;
              gap := 16777216 - (pg_current_wal_insert_lsn() - '0/0') % 16777216;
              PERFORM pg_logical_emit_message(true, 'p', repeat('x', (304 + gap - 16 - d)::int));
              RETURN x || ' ' || pg_current_wal_insert_lsn();
            END $$
            """;

    private LocalPair pair;
    private LocalInstance primary;
    private LocalRepository repository;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        primary.sql("ALTER SYSTEM SET autovacuum = off");
        repository = new LocalRepository(pair);
    }

    private void backUp() {
        repository.receive(primary);
        primary.createRows().insert(2, "a");
        repository.backUp(primary);
    }

    @AfterEach
    void stop() {
        repository.close();
        pair.close();
    }

    /** As pg_current_xact_id() gives it, as the usage says. */
    @Test
    void a_transaction_beyond_four_thousand_million_is_found() {
        assertThat(primary.stop()).isZero();
        Tool.Result reset =
                primary.run("pg_resetwal", "-e", "1", "-D", primary.data().toString());
        assertThat(reset.status()).as(reset.output()).isZero();
        primary.start().awaitRole("primary");
        backUp();
        String transaction = primary.sql(
                "airflow", "airflow", "INSERT INTO rows (note) VALUES ('c') RETURNING pg_current_xact_id()");
        primary.insert(2, "d");
        repository.awaitArchived(primary);
        Tool.Result result = restore("--target-xid", transaction, "--dry-run");
        assertThat(result.status()).as(result.output()).isZero();
    }

    @Test
    void a_transaction_whose_end_lies_across_two_segments_is_found() {
        backUp();
        primary.sql(SPAN);
        String[] said = primary.sql("SELECT span()").split(" ", -1);
        assertThat(said[1]).as("16 bytes before the end").endsWith("FFFFF0");
        primary.insert(2, "d");
        repository.switchSegment(primary);
        repository.awaitArchived(primary);
        Tool.Result result = restore("--target-xid", said[0], "--dry-run");
        assertThat(result.status()).as(result.output()).isZero();
    }

    @Test
    void a_restore_point_of_another_timeline_is_not_said_to_be_nowhere() {
        backUp();
        primary.insert(1, "x");
        String early = primary.sql("SELECT clock_timestamp()");
        primary.insert(2, "b");
        primary.sql("SELECT pg_create_restore_point('before the upgrade')");
        primary.insert(2, "c");
        repository.awaitArchived(primary);
        assertThat(restore("--target-time", early, "--yes").status()).isZero();
        repository.receive(primary);
        primary.insert(2, "d");
        repository.awaitArchived(primary);
        Tool.Result result = restore("--target-name", "before the upgrade", "--dry-run");
        assertThat(restore("--target-name", "before the upgrade", "--timeline", "1", "--dry-run")
                        .status())
                .isZero();
        assertThat(result.output()).doesNotContain("is not in the archive");
    }

    private Tool.Result restore(String... arguments) {
        return primary.script(Map.of(), "restore-pitr.sh", arguments);
    }
}
