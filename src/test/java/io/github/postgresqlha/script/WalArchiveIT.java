package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The WAL archive through failovers and kills: no segment is ever missing, and none is of an abandoned timeline by another's name. */
@Tag("long")
class WalArchiveIT {

    private LocalPair pair;
    private LocalInstance primary;
    private LocalInstance standby;
    private LocalArchiver archiver;

    @BeforeEach
    void start() {
        pair = LocalPair.streaming();
        primary = pair.primary();
        standby = pair.standby();
        archiver = new LocalArchiver(pair).awaitStreaming(primary);
    }

    @AfterEach
    void stop() {
        archiver.close();
        pair.close();
    }

    /** A pod that is deleted by force says no goodbye; TCP alone would wait for a quarter of an hour. */
    @Test
    void gives_a_silent_connection_up() throws IOException {
        assertThat(Files.readString(Path.of("/proc/" + archiver.receiver() + "/cmdline")))
                .contains("tcp_user_timeout=10000", "keepalives_idle=5");
    }

    @Test
    void goes_on_where_a_timeline_forks_inside_a_segment() throws IOException {
        String first = archiver.switchSegment(primary);
        archiver.switchSegment(primary);
        primary.createRows().insert(10, "before");
        standby.awaitRows("before=10");
        failOver();
        archiver.awaitStreaming(standby);
        standby.insert(10, "after");
        archiver.switchSegment(standby);
        String last = archiver.switchSegment(standby);
        assertComplete(first, last);
        assertThat(last).startsWith("00000002");
        archiver.assertReadable(segment(2, firstOf(2)), last);
        assertThat(archiver.files()).anyMatch(name -> name.startsWith("00000002.history"));
        assertThat(wal("conflicts")).doesNotExist();
        assertThat(archiver.stop()).isZero();
    }

    @Test
    void goes_on_where_a_timeline_begins_with_a_segment() throws IOException {
        archiver.switchSegment(primary);
        String first = archiver.segments().get(0);
        String ended = archiver.switchSegment(primary);
        standby.await(
                Duration.ofSeconds(20),
                () -> standby.sql("SELECT pg_last_wal_replay_lsn()").equals(primary.sql("SELECT pg_current_wal_lsn()")),
                "all WAL replayed");
        failOver();
        archiver.awaitStreaming(standby);
        String last = archiver.switchSegment(standby);
        assertComplete(first, last);
        assertThat(ended).startsWith("00000001");
        assertThat(last).startsWith("00000002");
    }

    /** As after a recovery from the archive: the server has that segment under its newest timeline's name only. */
    @Test
    void goes_on_where_timelines_fork_twice_in_one_segment() throws IOException {
        archiver.switchSegment(primary);
        primary.createRows().insert(10, "before");
        standby.awaitRows("before=10");
        archiver.awaitFlushed(primary);
        assertThat(archiver.stop()).isZero();
        failOver();
        primary.start().awaitRole("standby");
        pair.awaitStreaming(standby, primary);
        standby.with("RESTART_IN_PLACE_SECONDS", "-1").kill();
        primary.touchTrigger().awaitRole("primary");
        primary.run("bash", "-c", "rm \"$1\"/pg_wal/00000002????????????????", "rm", primary.data() + "");
        archiver.start();
        archiver.awaitStreaming(primary);
        String last = archiver.switchSegment(primary);
        assertThat(last).startsWith(Timelines.name(17));
        archiver.assertReadable(last, last);
        assertThat(Files.exists(wal("chain-broken"))).isFalse();
    }

    @Test
    void leaves_what_an_abandoned_timeline_had_beyond_the_fork() throws IOException {
        String first = archiver.switchSegment(primary);
        primary.createRows().insert(1, "before");
        standby.awaitRows("before=1");
        standby.kill();
        archiver.switchSegment(primary);
        String beyond = archiver.switchSegment(primary);
        primary.insert(1, "lost");
        primary.with("RESTART_IN_PLACE_SECONDS", "-1").kill();
        standby.start().awaitRole("standby").touchTrigger().awaitRole("primary");
        archiver.awaitStreaming(standby);
        archiver.switchSegment(standby);
        String last = archiver.switchSegment(standby);
        assertThat(archiver.segments()).contains(beyond);
        assertThat(last).startsWith("00000002");
        assertThat(LocalArchiver.number(segment(2, firstOf(2)))).isLessThanOrEqualTo(LocalArchiver.number(beyond));
        assertComplete(first, last);
        archiver.assertReadable(segment(2, firstOf(2)), last);
    }

    @Test
    void loses_nothing_when_it_is_killed() throws IOException {
        String first = archiver.switchSegment(primary);
        primary.createRows();
        for (int round = 1; round <= 3; round++) {
            archiver.switchSegment(primary);
            primary.insert(20, "round" + round);
            archiver.kill();
            primary.sql("SELECT pg_switch_wal()");
            primary.insert(20, "away" + round);
            archiver.start();
            archiver.awaitStreaming(primary);
        }
        String last = archiver.switchSegment(primary);
        assertComplete(first, last);
        archiver.assertReadable(first, last);
        assertThat(archiver.files()).noneMatch(name -> name.matches("[0-9A-F]{24}\\.gz\\.partial"));
    }

    @Test
    void keeps_the_unfinished_tail_of_a_killed_stream() {
        archiver.switchSegment(primary);
        primary.createRows().insert(5, "tail");
        String open = primary.sql("SELECT pg_walfile_name(pg_current_wal_flush_lsn())");
        archiver.awaitFlushed(primary);
        archiver.kill();
        primary.kill();
        archiver.start();
        pair.primary()
                .await(
                        Duration.ofSeconds(20),
                        () -> archiver.log().contains("no member of 127.0.0.1"),
                        "an archiver that waits");
        primary.start().awaitRole("primary");
        archiver.awaitStreaming(primary);
        assertThat(archiver.files()).contains(open + ".gz.partial");
    }

    @Test
    void marks_a_chain_that_broke_and_goes_on() {
        archiver.switchSegment(primary);
        standby.stop();
        assertThat(archiver.stop()).isZero();
        loseSlot();
        archiver.start();
        archiver.awaitLog("WAL IS MISSING in the archive from");
        archiver.awaitStreaming(primary);
        String after = archiver.switchSegment(primary);
        Path mark = wal("chain-broken");
        assertThat(Project.read(mark))
                .containsPattern("MISSING_FROM=[0-9A-F]+/[0-9A-F]+\nMISSING_TO=[0-9A-F]+/[0-9A-F]+\nSINCE=20");
        assertThat(archiver.segments()).contains(after);
        assertThat(primary.sql("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'wal_archiver'"))
                .isEqualTo("reserved");
    }

    /** As where two primaries wrote one timeline: the archive has the other one's log, in a file that is sound. */
    @Test
    void compares_its_newest_segment_with_what_the_server_has() {
        archiver.switchSegment(primary);
        String newest = archiver.switchSegment(primary);
        assertThat(archiver.stop()).isZero();
        primary.run(
                "bash",
                "-c",
                "gzip -dc \"$1\" | perl -0777 -pe 'substr($_, 5000, 1) ^= chr(1)' | gzip >\"$1.x\" && mv \"$1.x\" \"$1\"",
                "bash",
                wal(newest + ".gz").toString());
        archiver.start();
        archiver.awaitLog(newest + ".gz: the archive has another content under this name");
        archiver.awaitLog(newest + " is not what the server has");
        archiver.awaitStreaming(primary);
        assertThat(Project.read(wal("chain-broken"))).contains("MISSING_FROM=", "MISSING_TO=");
        archiver.switchSegment(primary);
    }

    @Test
    void goes_on_after_its_newest_segment_where_the_server_has_it_no_longer() {
        String newest = archiver.switchSegment(primary);
        assertThat(archiver.stop()).isZero();
        assertThat(primary.run("rm", primary.data() + "/pg_wal/" + newest).status())
                .isZero();
        archiver.start();
        archiver.awaitStreaming(primary);
        archiver.switchSegment(primary);
        assertThat(Files.exists(wal("chain-broken"))).isFalse();
        assertThat(Files.exists(wal("conflicts"))).isFalse();
    }

    @Test
    void refuses_the_wal_of_another_system() throws IOException {
        archiver.switchSegment(primary);
        assertThat(archiver.stop()).isZero();
        List<String> before = archiver.segments();
        pair.local().write(wal("system-identifier"), "7000000000000000000\n");
        archiver.start();
        archiver.awaitLog("holds the WAL of database system 7000000000000000000 while the primary is system "
                + primary.systemIdentifier());
        primary.sql("SELECT pg_switch_wal()");
        assertThat(archiver.segments()).isEqualTo(before);
        primary.await(
                Duration.ofSeconds(20),
                () -> Project.read(wal("archiver.state")).contains("STATE=refused"),
                "the archiver's note");
    }

    private void loseSlot() {
        for (String setting : List.of(
                "max_slot_wal_keep_size = '16MB'",
                "wal_keep_size = 0",
                "min_wal_size = '32MB'",
                "max_wal_size = '64MB'")) {
            primary.sql("ALTER SYSTEM SET " + setting);
        }
        primary.sql("SELECT pg_reload_conf()");
        primary.sql("airflow", "airflow", "CREATE TABLE much AS SELECT generate_series(1, 1500000) AS id");
        primary.sql("SELECT pg_switch_wal()");
        primary.sql("CHECKPOINT");
        primary.await(
                Duration.ofSeconds(20),
                () -> primary.sql("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'wal_archiver'")
                        .equals("lost"),
                "a lost slot");
    }

    private void failOver() {
        primary.with("RESTART_IN_PLACE_SECONDS", "-1").kill();
        standby.touchTrigger().awaitRole("primary");
    }

    private Path wal(String file) {
        return archiver.wal().resolve(file);
    }

    private long firstOf(int timeline) {
        return archiver.segments().stream()
                .filter(name -> name.startsWith(String.format(Locale.ROOT, "%08X", timeline)))
                .mapToLong(LocalArchiver::number)
                .min()
                .orElseThrow();
    }

    private static String segment(int timeline, long number) {
        return String.format(Locale.ROOT, "%08X%08X%08X", timeline, number / 256, number % 256);
    }

    /** Every number is there, on the timeline that recovery reads it from. */
    private void assertComplete(String first, String last) {
        long newTimeline = last.startsWith("00000001") ? Long.MAX_VALUE : firstOf(2);
        assertThat(archiver.segments())
                .containsAll(LongStream.rangeClosed(LocalArchiver.number(first), LocalArchiver.number(last))
                        .mapToObj(number -> segment(number < newTimeline ? 1 : 2, number))
                        .toList());
        assertThat(Files.exists(wal("chain-broken"))).isFalse();
    }
}
