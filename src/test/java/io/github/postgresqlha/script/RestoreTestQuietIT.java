package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What was at work in a database does not work in its copy, and is not in its way. */
@Tag("long")
class RestoreTestQuietIT {

    private static SourceRepository source;

    @BeforeAll
    static void fill() {
        source = new SourceRepository();
        source.sql("CREATE TABLE runs AS SELECT i FROM generate_series(1, 10) AS i; ALTER TABLE runs OWNER TO airflow");
        source.dump("20260101_020000");
    }

    @AfterAll
    static void close() {
        source.close();
    }

    /** The publisher counts as received what it has sent, to whom ever. */
    @Test
    void takes_no_row_from_a_publisher() {
        try (Publisher publisher = new Publisher(source.local())) {
            source.sql(Publisher.TABLE);
            source.sql(publisher.subscription());
            publisher.publish(1, 10);
            awaitFeed("10");
            source.base("20260101_020000");
            source.archive();
            source.receive();
            Path copy = source.copy("feed");
            source.sql("ALTER SUBSCRIPTION feed DISABLE");
            source.bash(
                    "until [[ \"$(psql -XAtc \"SELECT count(*) FROM pg_stat_subscription WHERE pid IS NOT NULL\")\" == 0 ]]; do sleep 0.1; done");
            publisher.publish(11, 20);
            int subscribers = publisher.subscribers();
            assertThat(prove(copy, "SELECT pg_sleep(3) IS NOT NULL")).contains("RESULT=good\n");
            assertThat(publisher.subscribers()).isEqualTo(subscribers);
            source.sql("ALTER SUBSCRIPTION feed ENABLE");
            awaitFeed("20");
            source.sql("DROP SUBSCRIPTION feed");
        }
    }

    /** Counting waits for its lock, and nobody ends it. */
    @Test
    void does_not_wait_for_a_transaction_that_was_prepared() {
        source.sql("CREATE DATABASE \"it's another\"");
        source.bash(
                "psql -qX -d \"it's another\" -c 'CREATE TABLE t (n int)' -c \"BEGIN; DROP TABLE t; PREPARE TRANSACTION 'second'\"");
        source.base("20260102_020000");
        source.sql("BEGIN; INSERT INTO runs VALUES (99); LOCK runs; PREPARE TRANSACTION E'it''s \\\\ first'");
        source.archive();
        source.receive();
        assertThat(prove(source.copy("prepared"), "SELECT count(*) = 10 FROM runs"))
                .contains("RESULT=good\n");
        source.sql("ROLLBACK PREPARED E'it''s \\\\ first'");
        source.bash("psql -qX -d \"it's another\" -c \"ROLLBACK PREPARED 'second'\"");
    }

    private static void awaitFeed(String rows) {
        source.bash("for ((i = 0; i < 300; i++)); do [[ \"$(psql -XAtc 'SELECT count(*) FROM feed')\" != " + rows
                + " ]] || exit 0; sleep 0.1; done; echo 'not received'; exit 1");
    }

    private static String prove(Path copy, String check) {
        Path scratch = source.local().makeFolder("scratch-" + copy.getFileName());
        Path found = source.local().makeFolder("result-" + copy.getFileName());
        Map<String, String> environment = new TreeMap<>(Map.of(
                "BACKUP_DIRECTORY",
                copy.toString(),
                "SCRATCH_DIRECTORY",
                scratch.toString(),
                "RESULT_DIRECTORY",
                found.toString(),
                "SCRATCH_BYTES",
                "1000000000",
                "DATABASE_NAME",
                "airflow",
                "DATABASE_OWNER",
                "airflow",
                "RESTORE_CHECKS",
                check + "\n"));
        Tool.Result result = Tool.run(source.local()
                .process(
                        environment,
                        "timeout",
                        "--foreground",
                        "120",
                        source.local().scripts() + "/restore-test.sh",
                        "prove"));
        assertThat(result.status()).as(result.output()).isZero();
        return Project.read(found.resolve("record"));
    }
}
