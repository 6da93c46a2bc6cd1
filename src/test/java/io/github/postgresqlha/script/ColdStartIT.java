package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Both members were down and start, in every order, after a clean stop and after a power cut that is longer ago than a restart in
 * place allows. Never do both accept writes, and every acknowledged row is there in the end. Names change places with each failover.
 */
@Tag("long")
class ColdStartIT {

    private static LocalPair pair;
    private static LocalInstance first;
    private static LocalInstance second;
    private static int periods;

    @BeforeAll
    static void start() {
        pair = LocalPair.streaming();
        first = pair.primary().with("RESTART_IN_PLACE_SECONDS", "-1").createRows();
        second = pair.standby().with("RESTART_IN_PLACE_SECONDS", "-1");
        // The first start of both was with the default.
        assertThat(second.stop()).isZero();
        assertThat(first.stop()).isZero();
        first.start();
        second.start();
        first = pair.awaitOnePrimary();
        second = pair.other(first);
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    /** The delays are those of the last primary and of the last standby, in milliseconds. */
    @ParameterizedTest
    @CsvSource({
        "clean,0,0", "clean,0,1500", "clean,1500,0", "clean,0,10000", "clean,10000,0",
        "cut,0,0", "cut,0,1500", "cut,1500,0", "cut,0,10000", "cut,10000,0"
    })
    void opens_one_of_two_on_the_same_timeline(String end, int delayOfPrimary, int delayOfStandby) {
        first.insert(20, "period" + ++periods);
        second.awaitRows(first.rows());
        String rows = first.rows();
        String timeline = first.timeline();
        end(end, first);
        end(end, second);
        try (PrimaryWatch watch = new PrimaryWatch(pair)) {
            startAfter(first, delayOfPrimary, second, delayOfStandby);
            first = pair.awaitOnePrimary();
            second = pair.other(first);
            assertThat(watch.sawOpen(second)).isFalse();
        }
        assertThat(first.timeline()).isEqualTo(timeline);
        assertThat(first.rows()).isEqualTo(rows);
        second.awaitRows(rows);
    }

    /**
     * The delays are those of the older primary, which missed the failover, and of the newer one. What the older one has, the newer
     * one has too: the older one may catch up from the other while both are in recovery, and then be the one that opens.
     */
    @ParameterizedTest
    @CsvSource({
        "clean,0,0", "clean,0,1500", "clean,1500,0", "clean,0,10000", "clean,10000,0",
        "cut,0,0", "cut,0,1500", "cut,1500,0", "cut,0,10000", "cut,10000,0"
    })
    void opens_the_newer_of_two_timelines(String end, int delayOfOlder, int delayOfNewer) {
        first.insert(20, "period" + ++periods);
        second.awaitRows(first.rows());
        end(end, first);
        second.touchTrigger().awaitRole("primary");
        startWithNewerTimelineOn(second, end, delayOfOlder, delayOfNewer);
        first = pair.awaitOnePrimary();
        second = pair.other(first);
    }

    /** The older primary has rows, and more WAL, that the newer one never got: only the newer one may open. */
    @ParameterizedTest
    @CsvSource({"0,0", "0,10000", "10000,0"})
    void never_opens_the_older_timeline_for_its_higher_position(int delayOfOlder, int delayOfNewer) {
        first.insert(20, "period" + ++periods);
        pair.failOverWithLoss(first, second, 500, "abandoned" + periods);
        PrimaryWatch watch = startWithNewerTimelineOn(second, "cut", delayOfOlder, delayOfNewer);
        assertThat(watch.sawOpen(first)).isFalse();
        assertThat(first.news()).contains("500 committed transactions that " + second.name() + " never had");
        first = second;
        second = pair.other(first);
    }

    private static PrimaryWatch startWithNewerTimelineOn(
            LocalInstance newer, String end, int delayOfOlder, int delayOfNewer) {
        newer.insert(20, "newer" + periods);
        String rows = newer.rows();
        String timeline = newer.timeline();
        end(end, newer);
        try (PrimaryWatch watch = new PrimaryWatch(pair)) {
            startAfter(pair.other(newer), delayOfOlder, newer, delayOfNewer);
            LocalInstance opened = pair.awaitOnePrimary();
            assertThat(opened.timeline()).isEqualTo(timeline);
            assertThat(opened.rows()).isEqualTo(rows);
            pair.other(opened).awaitRows(rows);
            return watch;
        }
    }

    private static void end(String how, LocalInstance member) {
        if (how.equals("clean")) {
            assertThat(member.stop()).isZero();
        } else {
            member.kill();
        }
    }

    /** Whoever waits for the other for long is seen to stay read-only until then. */
    private static void startAfter(LocalInstance one, int delayOfOne, LocalInstance other, int delayOfOther) {
        LocalInstance early = delayOfOne <= delayOfOther ? one : other;
        early.start();
        Pause.milliseconds(Math.abs(delayOfOther - delayOfOne));
        if (Math.abs(delayOfOther - delayOfOne) >= 10_000) {
            assertThat(early.role()).isIn("undecided", "standby");
            assertThat(early.sql("SELECT pg_is_in_recovery()")).isEqualTo("t");
        }
        pair.other(early).start();
    }
}
