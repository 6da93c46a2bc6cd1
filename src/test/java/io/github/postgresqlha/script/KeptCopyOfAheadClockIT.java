package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The last commit that is recovered is of a clock that was ahead, so it seems later than the copy that an earlier recovery kept. */
@Tag("long")
class KeptCopyOfAheadClockIT {

    private LocalPair pair;
    private LocalInstance primary;
    private SteppedClock clock;
    private LocalRepository repository;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        primary = pair.primary();
        clock = SteppedClock.of(pair.local(), primary);
        primary.start().awaitRole("primary");
        repository = new LocalRepository(pair).receive(primary);
        primary.createRows().insert(2, "a");
        repository.backUp(primary);
    }

    @AfterEach
    void stop() {
        repository.close();
        pair.close();
    }

    @Test
    void a_recovery_to_an_earlier_place_keeps_the_only_copy_of_what_was_not_archived() {
        repository.close();
        clock.stand(3600);
        primary.insert(1, "ahead");
        clock.stand(0);
        repository.receive(primary);
        String early = primary.sql("SELECT pg_current_wal_lsn()");
        primary.insert(1, "b");
        String late = primary.sql("SELECT pg_current_wal_lsn()");
        primary.insert(1, "c");
        repository.awaitArchived(primary);
        repository.close(); // the backup volume is full, say
        primary.insert(2, "z");
        recover(late);
        assertThat(primary.rows()).isEqualTo("a=2 ahead=1 b=1");
        String first = kept();
        recover(early);
        assertThat(primary.rows()).isEqualTo("a=2 ahead=1");
        assertThat(kept()).as("the only copy of z").contains(first);
    }

    private void recover(String place) {
        Tool.Result result =
                primary.script(Map.of(), "restore-pitr.sh", "--target-lsn", place, "--timeline", "1", "--yes");
        assertThat(result.status()).as(result.output()).isZero();
    }

    private String kept() {
        return primary.run("sh", "-c", "ls -d " + primary.data() + ".before-pitr-*")
                .output()
                .strip();
    }
}
