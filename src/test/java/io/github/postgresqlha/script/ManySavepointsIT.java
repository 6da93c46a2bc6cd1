package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An open transaction of more than 64 subtransactions keeps a standby that starts from taking connections: it can be promoted all the same. */
@Tag("long")
class ManySavepointsIT extends FreshPair {

    @Test
    void a_standby_that_takes_no_connections_is_promoted_on_a_timeline_of_its_own() throws IOException {
        holdTransactionOpen();
        primary.sql("CHECKPOINT");
        primary.insert(5, "before");
        standby.awaitRows("before=5");
        assertThat(standby.stop()).isZero();
        standby.start();
        standby.awaitLog("entering standby mode");
        primary.insert(5, "after");
        primary.await(
                Duration.ofSeconds(60),
                () -> primary.sql(
                                "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND flush_lsn = pg_current_wal_lsn()")
                        .equals("1"),
                "the standby's WAL");
        assertThat(standby.role()).isEqualTo("starting");
        primary.with("RESTART_IN_PLACE_SECONDS", "-1").kill();
        standby.run("sh", "-c", "printf down >" + standby.runtime() + "/promote_trigger");
        standby.awaitRole("primary");
        assertThat(standby.rows()).isEqualTo("after=5 before=5");
        assertThat(standby.timeline()).isEqualTo(Timelines.name(2));
        primary.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
    }
}
