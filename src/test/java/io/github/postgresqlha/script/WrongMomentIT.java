package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Promotions without the other's knowledge, requests that come too early, and a place where nothing can work. */
@Tag("long")
class WrongMomentIT extends FreshPair {

    /** Both were promoted while the other was down, the one that serves now to the lower number. */
    @Test
    void a_primary_takes_a_newer_timeline_than_any_member_has() {
        primary.insert(2, "both");
        standby.awaitRows("both=2");
        assertThat(primary.stop()).isZero();
        standby.touchTrigger().awaitRole("primary");
        assertThat(standby.stop()).isZero();
        standby.start().awaitRole("undecided").touchTrigger().awaitRole("primary");
        standby.insert(3, "lost");
        assertThat(standby.timeline()).isEqualTo(Timelines.name(18));
        assertThat(standby.stop()).isZero();
        primary.start().awaitRole("undecided").touchTrigger().awaitRole("primary");
        assertThat(primary.timeline()).isEqualTo(Timelines.name(17));
        primary.insert(1, "kept");

        standby.start();
        primary.awaitLog("a member in recovery has a newer timeline than the one that serves");
        primary.awaitLog("open for writes: timeline 33");
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        standby.awaitRows("both=2 kept=1");
        assertThat(standby.news()).contains("ABANDONED");
    }

    @Test
    void a_rebuild_waits_until_a_primary_is_seen() {
        assertThat(primary.stop()).isZero();
        standby.run("touch", standby.runtime() + "/rebuild_request");
        standby.awaitLog("a rebuild was requested: waiting until postgresql-primary is seen as primary");
        primary.start();
        standby.awaitLog("copy of postgresql-primary complete");
        pair.awaitStreaming(primary, standby);
    }

    @Test
    void a_member_needs_a_number_and_a_volume_to_write_to() {
        Tool.Result numberless = primary.script(Map.of("MEMBER_NUMBER", "17"), "instance.sh");
        assertThat(numberless.output()).contains("MEMBER_NUMBER: '17' is no number from 1 to 16");
        assertThat(numberless.status()).isEqualTo(64);

        String taken = primary.runtime() + "/instance.role"; // a file, where no folder can be made
        Tool.Result unwritable = primary.script(Map.of("PGDATA", taken + "/pgdata"), "instance.sh");
        assertThat(unwritable.output()).contains(taken + "/state cannot be written: is the data volume mounted");
        assertThat(unwritable.status()).isEqualTo(1);
        assertThat(primary.role()).isEqualTo("primary");
    }

    /** A promotion was prepared and then refused: what it prepared is gone, and a later timeline of the primary is followed. */
    @Test
    void a_refused_promotion_leaves_nothing_behind() {
        standby.with("PROMOTE_PENDING_SECONDS", "2");
        assertThat(standby.stop()).isZero();
        standby.start();
        pair.awaitStreaming(primary, standby);
        Tool.Result prepared = standby.run(
                "bash",
                "-ec",
                "cd " + pair.local().scripts()
                        + "; source lib/log.sh; source lib/durable.sh; source lib/timelines.sh; reserve_timelines $PGDATA 2");
        assertThat(prepared.status()).as(prepared.output()).isZero();
        assertThat(histories()).isNotEmpty();
        standby.touchTrigger();
        standby.awaitLog("promotion refused");
        standby.await(Duration.ofSeconds(5), () -> histories().isEmpty(), "no placeholder");
    }

    private String histories() {
        return standby.run("sh", "-c", "ls " + standby.data() + "/pg_wal | grep history")
                .output();
    }
}
