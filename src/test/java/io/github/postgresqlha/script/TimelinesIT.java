package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Timelines that members own, on real servers: forks, rejoins, and the trap of placeholders that nothing follows. */
@Tag("long")
class TimelinesIT {

    private final List<PlainServer> members = new ArrayList<>();
    private LocalPostgres local;
    private PlainServer first;
    private PlainServer second;

    @BeforeEach
    void start() {
        local = LocalPostgres.create();
        first = member(1).initialise();
        first.awaitOpen();
        first.sql("CREATE TABLE rows (note text)");
        second = member(2).copy(first);
        second.awaitStreaming(1);
    }

    @AfterEach
    void stop() {
        members.forEach(member -> member.run("\"$PROGRAMS\"/pg_ctl stop -s -m immediate"));
        local.delete();
    }

    /** B1: both were called 2, and pg_rewind said that there was nothing to do. */
    @Test
    void two_members_promoted_from_one_fork_are_told_apart() {
        PlainServer third = member(3).copy(first);
        third.awaitStreaming(1);
        first.stop("immediate");
        assertThat(second.promote()).isEqualTo(2);
        assertThat(third.promote()).isEqualTo(3);
        second.sql("INSERT INTO rows SELECT 'second' FROM generate_series(1, 1000)");
        third.sql("INSERT INTO rows SELECT 'third' FROM generate_series(1, 10)");
        rejoin(second, third);
        second.awaitStreaming(3);
        assertThat(second.sql("SELECT count(*), min(note) FROM rows")).isEqualTo("10|third");
        // And back: what it takes next is above all that it was told of.
        third.stop("fast");
        assertThat(second.promote()).isEqualTo(18);
        third.follow(second).startInRecovery();
        third.awaitStreaming(18);
    }

    @Test
    void a_pair_takes_turns_for_ever() {
        PlainServer now = first;
        PlainServer next = second;
        for (int timeline : new int[] {2, 17, 18, 33, 34}) {
            now.sql("INSERT INTO rows VALUES ('before " + timeline + "')");
            now.stop("fast");
            assertThat(next.promote()).isEqualTo(timeline);
            now.follow(next).startInRecovery();
            now.awaitStreaming(timeline);
            PlainServer former = now;
            now = next;
            next = former;
        }
        next.await(() -> second.sql("SELECT count(*) FROM rows").equals("5"), "all rows");
    }

    /** The trap, as measured: whoever dies between reserving and promoting would never open again. */
    @Test
    void placeholders_that_nothing_follows_keep_a_member_closed_until_they_are_dropped() {
        second.library("MEMBER_NUMBER=9; reserve_timelines \"$PGDATA\" 1");
        assertThat(second.hasHistory(8)).isTrue();
        second.stop("immediate");
        second.start();
        Pause.milliseconds(5_000);
        assertThat(second.isOpen()).as(second.log()).isFalse();
        second.run("\"$PROGRAMS\"/pg_ctl stop -s -m immediate");
        second.startInRecovery();
        second.awaitStreaming(1);
        assertThat(second.hasHistory(2)).isFalse();
    }

    /** A walreceiver that is cut between two histories: it has the placeholders, and not what they lead to. */
    @Test
    void a_member_that_was_sent_some_placeholders_opens_and_goes_on() throws IOException {
        PlainServer third = member(3).copy(first);
        third.awaitStreaming(1);
        third.stop("fast");
        second.stop("fast");
        first.stop("fast");
        second.follow(first).startInRecovery();
        second.awaitOpen();
        second.library("MEMBER_NUMBER=1; reserve_timelines \"$PGDATA\" 1");
        assertThat(second.promotePlainly()).isEqualTo(17);
        Files.delete(second.history(10));
        third.follow(second).startInRecovery();
        third.await(() -> third.log().contains("0000000A.history"), "a transfer that fails");
        assertThat(third.hasHistory(9)).isTrue();
        assertThat(third.hasHistory(10)).isFalse();
        third.stop("immediate");
        third.startInRecovery();
        third.awaitOpen();
        assertThat(third.hasHistory(17)).isFalse();
        second.library("keep_timelines \"$PGDATA\" 17");
        third.awaitStreaming(17);
        second.sql("INSERT INTO rows VALUES ('on 17')");
        third.await(() -> third.sql("SELECT note FROM rows").equals("on 17"), "the row");
    }

    /** A copy has only the newest history; as a primary it has to serve those who come from the first timeline. */
    @Test
    void a_copy_that_becomes_primary_serves_members_from_far_back() {
        first.stop("fast");
        assertThat(second.promote()).isEqualTo(2);
        PlainServer third = member(3).copy(second);
        third.awaitStreaming(2);
        second.stop("fast");
        assertThat(third.promote()).isEqualTo(3);
        PlainServer fourth = member(4).copy(third);
        fourth.awaitStreaming(3);
        assertThat(fourth.hasHistory(2)).isFalse();
        // The WAL of the forks, as an archive or slots would have it.
        fourth.bash("cp -n " + third.home() + "/pgdata/pg_wal/????????????????????????" + " " + second.home()
                + "/pgdata/pg_wal/???????????????????????? \"$PGDATA\"/pg_wal/");
        third.stop("fast");
        assertThat(fourth.promote()).isEqualTo(4);
        first.follow(fourth).startInRecovery();
        first.awaitStreaming(4);
    }

    /** From before: timelines were 2 and 3, whoever took them. */
    @Test
    void goes_on_from_timelines_of_the_old_kind() {
        first.stop("fast");
        assertThat(second.promotePlainly()).isEqualTo(2);
        first.follow(second).startInRecovery();
        first.awaitStreaming(2);
        second.stop("fast");
        assertThat(first.promotePlainly()).isEqualTo(3);
        second.follow(first).startInRecovery();
        second.awaitStreaming(3);
        first.stop("immediate");
        assertThat(second.promote()).isEqualTo(18);
        first.run("rm -f \"$PGDATA\"/standby.signal; \"$PROGRAMS\"/pg_ctl start -s -w -l \"$PGHOST\"/log");
        first.sql("INSERT INTO rows VALUES ('alone')");
        rejoin(first, second);
        first.awaitStreaming(18);
        assertThat(first.sql("SELECT count(*) FROM rows")).isEqualTo("0");
        second.stop("fast");
        assertThat(first.promote()).isEqualTo(33);
        second.follow(first).startInRecovery();
        second.awaitStreaming(33);
    }

    /** The number that a copy of another member does not know was used: it is not used again. */
    @Test
    void never_takes_a_number_again_after_it_was_copied_from_another() {
        second.stop("fast");
        first.stop("fast");
        first.follow(second).startInRecovery();
        first.awaitOpen();
        assertThat(first.promote()).isEqualTo(17);
        second.bash("sed -i '/primary_conninfo/d' \"$PGDATA\"/postgresql.conf");
        second.startInRecovery();
        second.awaitOpen();
        assertThat(second.promotePlainly()).isEqualTo(2);
        first.stop("immediate");
        first.bash("rm -rf \"$PGDATA\"");
        first.copy(second);
        first.awaitStreaming(2);
        assertThat(first.promote()).isEqualTo(33);
    }

    private void rejoin(PlainServer former, PlainServer primary) {
        former.stop("fast");
        String said = former.bash("rm -f \"$PGDATA\"/standby.signal; pg_rewind -D \"$PGDATA\" --source-server='host="
                + primary.home() + " user=postgres dbname=postgres' --no-sync 2>&1");
        assertThat(said).contains("Done!").doesNotContain("no rewind required");
        former.follow(primary).startInRecovery();
    }

    private PlainServer member(int number) {
        PlainServer member = new PlainServer(local, number);
        members.add(member);
        return member;
    }
}
