package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Synchronous commits wait for a standby of this primary's own timeline: one of an older timeline confirms what it does not have. */
@Tag("long")
class SynchronousTimelineIT {

    @Test
    void a_commit_after_a_recovery_is_on_the_standby_when_it_is_acknowledged() throws IOException {
        try (LocalPair pair = new LocalPair()) {
            String configuration = pair.local()
                    .configuration(
                            "synchronous_standby_names", "'ANY 1 (\"postgresql-primary\", \"postgresql-standby\")'")
                    .toString();
            LocalInstance primary = synchronous(pair.primary(), configuration);
            LocalInstance standby = synchronous(pair.standby(), configuration);
            primary.start().awaitRole("primary");
            standby.start();
            assertThat(pair.awaitOnePrimary()).isSameAs(primary);
            try (LocalRepository repository = new LocalRepository(pair).receive(primary)) {
                primary.createRows();
                repository.backUp(primary);
                primary.sql("SELECT pg_switch_wal()");
                primary.insert(5, "before");
                String target = primary.sql("SELECT clock_timestamp()");
                primary.insert(5, "mistake");
                primary.sql(
                        "airflow",
                        "airflow",
                        "CREATE TABLE filler AS SELECT repeat('x', 1000) FROM generate_series(1, 4000)");
                standby.awaitRows("before=5 mistake=5");
                repository.awaitArchived(primary);
                Tool.Result result = primary.script(Map.of(), "restore-pitr.sh", "--target-time", target, "--yes");
                assertThat(result.status()).as(result.output()).isZero();
                primary.insert(20, "acknowledged");
                primary.kill();
                standby.run("sh", "-c", "printf down >" + standby.runtime() + "/promote_trigger");
                standby.awaitRole("primary");
                standby.awaitRows("acknowledged=20 before=5");
            }
        }
    }

    private static LocalInstance synchronous(LocalInstance member, String configuration) {
        return member.with("CONFIG_DIRECTORY", configuration).with("DATA_DURABILITY", "required");
    }
}
