package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the application can write into the log looks like other records in what pg_waldump shows, and decides nothing. */
class ForgedRecordsIT {

    private static final String LINE =
            "rmgr: Transaction len (rec/tot):     46/    46, tx:        999, lsn: %s, prev 0/3000028, desc: COMMIT 2036-01-01 00:00:00.000000 UTC";

    private LocalPair pair;
    private LocalInstance primary;
    private LocalRepository repository;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        Path configuration = pair.local().configuration().resolve("postgresql.conf");
        pair.local().write(configuration, Project.read(configuration) + "max_prepared_transactions = 5\n");
        primary = pair.primary().start().awaitRole("primary");
        repository = new LocalRepository(pair).receive(primary);
        primary.createRows().insert(5, "a");
        repository.backUp(primary);
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.putAll(Map.of("PGDATABASE", "airflow", "BACKUP_RETENTION_DAYS", "7", "BACKUP_RETENTION_MINIMUM", "3"));
        Tool.Result dumped = primary.script(job, "backup.sh");
        assertThat(dumped.status()).as(dumped.output()).isZero();
    }

    @AfterEach
    void stop() {
        repository.close();
        pair.close();
    }

    /** The last record of the archive names a place that no recovery can reach. */
    @Test
    void a_message_breaks_no_recovery_and_no_proof() {
        primary.insert(5, "b");
        endWithMessage("7FFFFFFF/FFFFFFF8");
        Tool.Result proved = restoreTest();
        assertThat(proved.status()).as(proved.output()).isZero();
        Tool.Result restored = restore("--latest", "--yes");
        assertThat(restored.status()).as(restored.output()).isZero();
        assertThat(primary.rows()).isEqualTo("a=5 b=5");
        assertThat(primary.timeline()).isEqualTo(Timelines.name(17));
    }

    /** In bash the first place is below zero, so that each recovery seems to have reached it; the second one is low. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"FFFFFFFF/FFFFFFF8", "0/1"})
    void a_message_hides_no_damage(String place) {
        primary.insert(1, "needle");
        primary.insert(7, "after");
        repository.switchSegment(primary);
        endWithMessage(place);
        primary.run(
                "bash",
                "-euc",
                "cd " + repository.wal()
                        + " && for f in *.gz; do gzip -dc $f | LC_ALL=C sed s/needle/nEEdle/ | gzip >x && mv x $f; done");
        Tool.Result proved = restoreTest();
        assertThat(proved.status()).as(proved.output()).isEqualTo(1);
        assertThat(proved.output()).contains("a record between them is damaged");
        Tool.Result refused = restore("--latest", "--yes");
        assertThat(refused.status()).as(refused.output()).isEqualTo(1);
        assertThat(refused.output()).contains("before the end of the archive");
        assertThat(primary.rows()).isEqualTo("a=5 after=7 needle=1");
    }

    /** The name of a prepared transaction is in a record of the same kind as a commit. */
    @Test
    void the_name_of_a_prepared_transaction_is_no_commit() {
        String place = primary.sql("SELECT pg_current_wal_insert_lsn()");
        primary.sql(
                "airflow",
                "airflow",
                "BEGIN; INSERT INTO rows (note) VALUES ('b'); PREPARE TRANSACTION E'x\\n" + LINE.formatted(place)
                        + "'");
        repository.awaitArchived(primary);
        String listed = restore("--list").output();
        assertThat(listed).contains("postgresql_base_").doesNotContain("2036");
        Tool.Result refused = restore("--target-xid", "999");
        assertThat(refused.output()).contains("xid 999 is not in the archive").doesNotContain("2036");
        primary.sql("airflow", "airflow", "ROLLBACK PREPARED E'x\\n" + LINE.formatted(place) + "'");
    }

    /** Nothing follows it: it is of no transaction, what the server notes by itself is between them, and then nothing is received. */
    private void endWithMessage(String place) {
        receiveAll(); // so that the questions of the second time write nothing
        primary.sql(
                "airflow",
                "airflow",
                "DO $$ BEGIN FOR i IN 1..20 LOOP PERFORM pg_logical_emit_message(false, E'x, lsn: " + place + ", y\\n"
                        + LINE.formatted(place) + "', 'x'); PERFORM pg_sleep(0.05); END LOOP; END $$");
        receiveAll();
        repository.close();
    }

    /** A new segment's header, of 40 bytes, is written with its first record. */
    private void receiveAll() {
        primary.await(
                Duration.ofSeconds(10),
                () -> primary.sql("SELECT pg_current_wal_insert_lsn() - pg_current_wal_lsn() <= 40")
                        .equals("t"),
                "all records on disk");
        repository.awaitArchived(primary);
    }

    private Tool.Result restore(String... arguments) {
        return primary.script(Map.of(), "restore-pitr.sh", arguments);
    }

    private Tool.Result restoreTest() {
        Path scratch = pair.local().makeFolder("scratch");
        Path result = pair.local().makeFolder("result");
        Path proof = repository.folder().resolve("proof");
        Map<String, String> job = new TreeMap<>(Map.of(
                "BACKUP_DIRECTORY", repository.folder().toString(),
                "PROOF_DIRECTORY", proof.toString(),
                "SCRATCH_DIRECTORY", scratch.toString(),
                "RESULT_DIRECTORY", result.toString(),
                "SCRATCH_BYTES", "1000000000",
                "POSTGRES_MAJOR", "17"));
        primary.script(job, "restore-test.sh", "prove");
        Tool.Result recorded = primary.script(job, "restore-test.sh", "record");
        assertThat(Project.read(proof.resolve("restore-test.env"))).contains("BASE=postgresql_base_");
        return recorded;
    }
}
