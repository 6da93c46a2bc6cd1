package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The archiver is away for longer than any cushion, and the role changes meanwhile: the archive has no gap. */
@Tag("long")
class ArchiveSlotIT {

    private static LocalPair pair;

    @BeforeAll
    static void start() {
        pair = LocalPair.streaming();
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @Test
    void of_the_standby_keeps_what_the_archive_lacks() throws IOException {
        LocalInstance primary = pair.primary();
        LocalInstance standby = pair.standby();
        for (LocalInstance member : List.of(primary, standby)) {
            member.sql("ALTER SYSTEM SET wal_keep_size = 0");
            member.sql("ALTER SYSTEM SET min_wal_size = '32MB'");
            member.sql("ALTER SYSTEM SET max_wal_size = '64MB'");
            member.sql("SELECT pg_reload_conf()");
        }
        try (LocalArchiver archiver = new LocalArchiver(pair).awaitStreaming(primary)) {
            String first = archiver.switchSegment(primary);
            standby.await(Duration.ofSeconds(40), () -> !place(standby).isEmpty(), "a slot on the standby");
            archiver.kill();
            String left = archiver.segments().get(archiver.segments().size() - 1);
            for (int i = 0; i < 8; i++) {
                primary.sql("SELECT pg_logical_emit_message(true, 'test', 'x')");
                primary.sql("SELECT pg_switch_wal()");
                primary.sql("CHECKPOINT");
            }
            String there = primary.sql("SELECT pg_current_wal_flush_lsn()");
            standby.await(
                    Duration.ofSeconds(20),
                    () -> standby.sql("SELECT pg_last_wal_replay_lsn() >= '" + there + "'")
                            .equals("t"),
                    "all WAL");
            Pause.milliseconds(11_000); // a round of the standby's slot
            standby.sql("CHECKPOINT");
            assertThat(standby.sql("SELECT '" + place(standby) + "'::pg_lsn <= '" + place(primary) + "'::pg_lsn"))
                    .as("never beyond the primary's")
                    .isEqualTo("t");
            assertThat(primary.stop()).isZero();
            standby.touchTrigger().awaitRole("primary");
            standby.sql("SELECT pg_switch_wal()");
            standby.sql("CHECKPOINT");
            archiver.start();
            archiver.awaitStreaming(standby);
            String last = archiver.switchSegment(standby);
            assertThat(Files.exists(archiver.wal().resolve("chain-broken")))
                    .as(archiver.log())
                    .isFalse();
            List<Long> numbers = archiver.segments().stream()
                    .map(LocalArchiver::number)
                    .distinct()
                    .sorted()
                    .toList();
            assertThat(numbers.get(numbers.size() - 1) - numbers.get(0) + 1)
                    .as("%s, from %s, left at %s, to %s", archiver.segments(), first, left, last)
                    .isEqualTo(numbers.size());
            // The former primary has the slot of its time; it goes on with the new one's.
            primary.start();
            pair.awaitStreaming(standby, primary);
            primary.await(
                    Duration.ofSeconds(40),
                    () -> primary.sql("SELECT restart_lsn >= '" + there
                                    + "' FROM pg_replication_slots WHERE slot_name = 'wal_archiver'")
                            .equals("t"),
                    "a slot that follows, it is at " + place(primary));
        }
        // No archiver any more: nobody would move it.
        standby.sql("SELECT pg_drop_replication_slot('wal_archiver')");
        primary.await(Duration.ofSeconds(40), () -> place(primary).isEmpty(), "no slot on the standby");
    }

    private static String place(LocalInstance member) {
        return member.sql("SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = 'wal_archiver'");
    }
}
