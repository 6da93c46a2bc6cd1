package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The commit of a clock that was ahead, at which PostgreSQL stops, begins in one segment and ends in the next one. */
@Tag("long")
class StopAcrossSegmentsIT {

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
        primary.sql("ALTER SYSTEM SET autovacuum = off");
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
    void what_lies_behind_it_is_not_left_out_without_a_word() {
        primary.sql(TargetNotFoundIT.SPAN);
        repository.close();
        clock.stand(3600);
        String[] said = primary.sql("SELECT span()").split(" ", -1);
        clock.stand(0);
        assertThat(said[1]).as("16 bytes before the end").endsWith("FFFFF0");
        repository.receive(primary);
        primary.insert(3, "b");
        String time = primary.sql("SELECT clock_timestamp()");
        primary.insert(2, "c");
        repository.awaitArchived(primary);
        Tool.Result result = primary.script(Map.of(), "restore-pitr.sh", "--target-time", time, "--yes");
        assertThat(result.output() + primary.rows())
                .as("refused, or with all that was committed by then: %s", result.output())
                .containsAnyOf("not in the order of time", "a=2 b=3");
    }
}
