package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A primary that crashed within a record of several segments: its end is the very place where its successor begins. */
@Tag("long")
class TornRecordIT extends FreshPair {

    /** Once it never came back: started in recovery in between, it looked like a standby that lacks nothing, and never streamed. */
    @Test
    void comes_back_though_it_was_started_in_recovery_since() {
        primary.insert(5, "both");
        standby.awaitRows("both=5");
        standby.kill();
        String file = primary.sql("SELECT pg_walfile_name(pg_current_wal_insert_lsn())");
        primary.sql("SELECT pg_logical_emit_message(false, 'torn', repeat('x', 50000000))");
        primary.with("RESTART_IN_PLACE_SECONDS", "-1").kill();
        assertThat(primary.run("sh", "-c", zeroLaterSegments(primary, file)).output())
                .isNotBlank();

        primary.start().awaitRole("undecided");
        assertThat(primary.stop()).isZero();
        standby.start().awaitRole("standby").touchTrigger().awaitRole("primary");
        standby.insert(7, "after");
        primary.start();

        pair.awaitStreaming(standby, primary);
        primary.awaitRows("after=7 both=5");
    }

    /** The standby has the half of the record as well, and the primary was promoted first. */
    @Test
    void a_standby_with_half_a_record_comes_back() {
        primary.insert(5, "both");
        standby.awaitRows("both=5");
        String file = primary.sql("SELECT pg_walfile_name(pg_current_wal_insert_lsn())");
        primary.sql("SELECT pg_logical_emit_message(false, 'torn', repeat('x', 50000000))");
        Pause.milliseconds(3_000);
        primary.with("RESTART_IN_PLACE_SECONDS", "-1").kill();
        standby.kill();
        assertThat(primary.run("sh", "-c", zeroLaterSegments(primary, file)).output())
                .isNotBlank();
        standby.run("sh", "-c", zeroLaterSegments(standby, file));
        primary.start().awaitRole("undecided");
        primary.run("sh", "-c", "echo down >" + primary.runtime() + "/promote_trigger");
        primary.awaitRole("primary");
        primary.insert(7, "after");
        standby.start();
        pair.awaitStreaming(primary, standby);
        standby.awaitRows("after=7 both=5");
    }

    /** As a power cut leaves them: the files are there, and their content is not. */
    private static String zeroLaterSegments(LocalInstance member, String file) {
        return "cd " + member.data() + "/pg_wal/. && for s in " + file.substring(0, 8) + "????????????????; do"
                + " if [ \"$s\" \\> " + file
                + " ]; then echo $s && dd if=/dev/zero of=$s bs=1M count=16 conv=notrunc status=none; fi; done";
    }
}
