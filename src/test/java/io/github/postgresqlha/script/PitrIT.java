package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Point-in-time recovery of a pair: what was lost is back, and the standby follows. */
@Tag("long")
class PitrIT {

    private LocalPair pair;
    private LocalInstance primary;
    private LocalInstance standby;
    private LocalRepository repository;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        standby = pair.standby().with("STUCK_SECONDS", "3").start();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        repository = new LocalRepository(pair).receive(primary);
        primary.createRows();
    }

    @AfterEach
    void stop() {
        repository.close();
        pair.close();
    }

    @Test
    void brings_back_a_dropped_table_twice_and_the_standby_follows() {
        // A standby's base backup begins at the last checkpoint that it has replayed, and carries its standby.signal.
        primary.sql("CHECKPOINT");
        primary.insert(5, "a");
        standby.awaitRows("a=5");
        repository.backUp(standby);
        primary.insert(5, "b");
        String first = now();
        primary.insert(5, "c");
        primary.sql("airflow", "airflow", "DROP TABLE rows");
        repository.awaitArchived(primary);
        recover("--target-time", first);
        assertThat(primary.rows()).isEqualTo("a=5 b=5");
        assertFollows(Timelines.name(17));

        repository.receive(primary);
        primary.insert(5, "d");
        String second = now();
        primary.insert(5, "e");
        repository.awaitArchived(primary);
        recover("--target-time", second);
        assertThat(primary.rows()).isEqualTo("a=5 b=5 d=5");
        assertFollows(Timelines.name(33));
        assertThat(kept()).as("each goes on where what was recovered does not").hasSize(2);
        assertThat(primary.run("ls", primary.environment("WAL_DIRECTORY"))
                        .output()
                        .lines())
                .as("WAL folders: the one in use, the two kept")
                .hasSize(3);

        // What the first recovery left behind is still within reach, along its own timeline.
        repository.receive(primary);
        primary.insert(1, "f");
        repository.awaitArchived(primary);
        recover("--latest", "--timeline", "1", "--dry-run");
        assertThat(primary.rows()).isEqualTo("a=5 b=5 d=5 f=1");
    }

    @Test
    void reaches_before_and_after_a_failover() {
        primary.insert(5, "a");
        repository.backUp(primary);
        primary.insert(5, "b");
        String before = now();
        primary.insert(5, "c");
        repository.awaitArchived(primary);
        standby.awaitRows("a=5 b=5 c=5");
        assertThat(primary.stop()).isZero();
        Timelines.reserve(standby).touchTrigger().awaitRole("primary");
        assertThat(standby.timeline()).isEqualTo(Timelines.name(2));
        primary.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
        repository.receive(standby);
        standby.insert(5, "d");
        String after = standby.sql("SELECT clock_timestamp()");
        standby.insert(5, "e");
        repository.awaitArchived(standby);
        Tool.Result refused = primary.script(Map.of(), "restore-pitr.sh", "--target-time", after, "--yes");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).contains("this member is a standby", "./switchover.sh");
        primary.awaitRows("a=5 b=5 c=5 d=5 e=5");
        assertThat(standby.stop()).isZero();
        Timelines.reserve(primary).touchTrigger().awaitRole("primary");
        assertThat(primary.timeline()).isEqualTo(Timelines.name(17));
        standby.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        repository.receive(primary);
        primary.insert(1, "f");
        repository.awaitArchived(primary);

        recover("--target-time", after);
        assertThat(primary.rows()).isEqualTo("a=5 b=5 c=5 d=5");
        assertFollows(Timelines.name(33));
        repository.receive(primary);
        primary.insert(1, "g");
        repository.awaitArchived(primary);
        recover("--target-time", before);
        assertThat(primary.rows()).isEqualTo("a=5 b=5");
        assertFollows(Timelines.name(49));
    }

    private void recover(String... arguments) {
        String[] all = new String[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--yes";
        Tool.Result result = primary.script(Map.of(), "restore-pitr.sh", all);
        assertThat(result.status())
                .as(result.output() + repository.listing() + primary.log())
                .isZero();
    }

    private void assertFollows(String timeline) {
        assertThat(primary.timeline()).isEqualTo(timeline);
        assertThat(primary.role()).isEqualTo("primary");
        standby.await(
                Duration.ofSeconds(90),
                () -> standby.sql("SELECT lpad(upper(to_hex(received_tli)), 8, '0') FROM pg_stat_wal_receiver")
                        .equals(timeline),
                "timeline " + timeline);
        primary.insert(1, "after");
        standby.awaitRows(primary.rows());
        primary.sql("airflow", "airflow", "DELETE FROM rows WHERE note = 'after'");
        standby.awaitRows(primary.rows());
    }

    private String now() {
        return primary.sql("SELECT clock_timestamp()");
    }

    private List<String> kept() {
        return primary.run("ls", primary.data() + "/..")
                .output()
                .lines()
                .filter(name -> name.startsWith("pgdata.before-pitr-"))
                .toList();
    }
}
