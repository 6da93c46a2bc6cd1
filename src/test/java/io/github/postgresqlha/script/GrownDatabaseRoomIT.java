package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A database that has grown since its base backup: the recovery needs what it takes now, not what it took then. */
@Tag("long")
class GrownDatabaseRoomIT {

    private LocalPair pair;
    private LocalInstance primary;

    @BeforeEach
    void create() {
        pair = new LocalPair();
        primary = pair.primary();
    }

    @AfterEach
    void stop() {
        pair.close();
    }

    @Test
    void is_refused_where_the_volume_has_no_room_for_what_the_database_takes_now() throws Exception {
        Path data = pair.local().folder().resolve("postgresql-primary/data");
        try (SmallVolume volume = SmallVolume.mount(data, 420)) {
            primary.start().awaitRole("primary").createRows().insert(2, "a");
            try (LocalRepository repository = new LocalRepository(pair).receive(primary)) {
                repository.backUp(primary);
                for (String name : new String[] {"one", "two"}) {
                    primary.sql(
                            "airflow",
                            "airflow",
                            "CREATE TABLE " + name
                                    + " AS SELECT md5(random()::text) AS line FROM generate_series(1, 700000)");
                }
                String time = primary.sql("SELECT clock_timestamp()");
                primary.insert(2, "b");
                repository.awaitArchived(primary);
                primary.sql("CHECKPOINT");
                volume.fill(100);
                Tool.Result result = primary.script(Map.of(), "restore-pitr.sh", "--target-time", time, "--dry-run");
                assertThat(result.status()).as(result.output()).isEqualTo(1);
                assertThat(result.output()).contains("not enough room for a second copy", "nothing was touched");
            }
            primary.stop();
        }
    }
}
