package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What was going on at the target of a recovery: transactions that were prepared, subscriptions. */
@Tag("long")
class InDoubtIT {

    private LocalPair pair;
    private LocalInstance primary;
    private LocalRepository repository;
    private Path configuration;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        configuration = pair.local().configuration().resolve("postgresql.conf");
        preparable(5);
        primary = pair.primary().start().awaitRole("primary");
        repository = new LocalRepository(pair).receive(primary);
        primary.createRows().insert(2, "a");
    }

    @AfterEach
    void stop() {
        repository.close();
        pair.close();
    }

    @Test
    void prepared_transactions_are_named_and_keep_their_locks() {
        String target = prepared();
        Tool.Result result = recover(target);
        assertThat(result.status()).as(result.output() + primary.log()).isZero();
        assertThat(result.output())
                .contains("2 prepared transactions have no end by time ", ": 'first' in database airflow, 'second' in");
        assertThat(primary.sql("SELECT string_agg(gid, ' ' ORDER BY prepared) FROM pg_prepared_xacts"))
                .isEqualTo("first second");
        primary.sql("airflow", "airflow", "COMMIT PREPARED 'first'");
        assertThat(primary.rows()).isEqualTo("a=2 b=1");
    }

    /** PostgreSQL would not start, and the database that serves would be away. */
    @Test
    void more_of_them_than_the_server_has_room_for_end_the_recovery_before_the_swap() {
        String target = prepared();
        assertThat(primary.stop()).isZero();
        preparable(1);
        primary.start().awaitRole("primary");
        repository.receive(primary);
        primary.insert(1, "d");
        repository.awaitArchived(primary);
        Tool.Result result = recover(target);
        assertThat(result.status()).as(result.output() + primary.log()).isEqualTo(1);
        assertThat(result.output())
                .contains("2 prepared transactions have no end by time ", "more than max_prepared_transactions (1)")
                .contains("the recovery did not succeed; the database is as it was");
        assertThat(primary.rows()).isEqualTo("a=2 c=1 d=1");
    }

    /** What is recovered opens while the database serves, and the publisher sends each row once. */
    @Test
    void a_subscription_does_not_work_in_what_is_recovered_beside() {
        try (Publisher publisher = new Publisher(pair.local())) {
            primary.sql("postgres", "airflow", Publisher.TABLE);
            primary.sql("postgres", "airflow", publisher.subscription());
            publisher.publish(1, 10);
            awaitFeed("10");
            repository.backUp(primary);
            primary.insert(1, "b");
            String target = primary.sql("SELECT clock_timestamp()");
            primary.insert(1, "c");
            primary.sql("postgres", "airflow", "ALTER SUBSCRIPTION feed DISABLE");
            repository.awaitArchived(primary);
            publisher.publish(11, 20);
            int subscribers = publisher.subscribers();
            Tool.Result result = primary.script(Map.of(), "restore-pitr.sh", "--target-time", target);
            assertThat(result.output()).contains("not confirmed");
            assertThat(publisher.subscribers()).isEqualTo(subscribers);
            primary.sql("postgres", "airflow", "ALTER SUBSCRIPTION feed ENABLE");
            awaitFeed("20");
            primary.sql("postgres", "airflow", "DROP SUBSCRIPTION feed");
        }
    }

    private void awaitFeed(String rows) {
        primary.await(
                Duration.ofSeconds(30),
                () -> primary.sql("postgres", "airflow", "SELECT count(*) FROM feed")
                        .equals(rows),
                rows + " rows of the publisher");
    }

    /** Two that are in doubt at the time that it gives, and have an end afterwards. */
    private String prepared() {
        repository.backUp(primary);
        primary.sql("airflow", "airflow", "BEGIN; INSERT INTO rows (note) VALUES ('b'); PREPARE TRANSACTION 'first'");
        primary.sql("airflow", "airflow", "BEGIN; CREATE TABLE other (n int); PREPARE TRANSACTION 'second'");
        String target = primary.sql("SELECT clock_timestamp()");
        primary.sql("airflow", "airflow", "ROLLBACK PREPARED 'first'");
        primary.sql("airflow", "airflow", "ROLLBACK PREPARED 'second'");
        primary.insert(1, "c");
        repository.switchSegment(primary);
        return target;
    }

    private Tool.Result recover(String target) {
        return primary.script(Map.of("SWAP_SECONDS", "30"), "restore-pitr.sh", "--target-time", target, "--yes");
    }

    private void preparable(int transactions) {
        String text = Project.read(configuration).replaceAll("(?m)^max_prepared_transactions.*\n", "");
        pair.local().write(configuration, text + "max_prepared_transactions = " + transactions + "\n");
    }
}
