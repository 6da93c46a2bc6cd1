package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A primary that was put back to a snapshot from before it had a standby opens by itself: the standby has what it lacks. */
@Tag("long")
class RestoredPrimaryIT {

    private final LocalPair pair = new LocalPair();
    private final LocalInstance primary = pair.primary();
    private final LocalInstance standby = pair.standby();

    @AfterEach
    void stop() {
        pair.close();
    }

    /** On one timeline the standby's rows would be written over. On two PostgreSQL sees where they part, and what it has alone is reported. */
    @ParameterizedTest
    @ValueSource(ints = {3, 3_000})
    void takes_a_timeline_of_its_own(int rowsAfter) {
        standbyIsNotInTheSnapshot();
        primary.startAlone().awaitRole("primary").insert(rowsAfter, "after");
        assertThat(primary.timeline()).isEqualTo("00000011");
        standby.start().awaitLog("ABANDONED: timeline 1 from");
        standbyFollows("after=" + rowsAfter + " later=2 old=5");
        assertThat(standby.run("sh", "-c", "ls -d " + walVolume(standby) + "/abandoned-1-*/README")
                        .status())
                .isZero();
    }

    @Test
    void does_not_open_where_the_standby_answers() {
        standbyIsNotInTheSnapshot();
        standby.start().awaitRole("standby");
        primary.startAlone();
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
        primary.awaitRows("new=100 old=5");
    }

    /** The standby never heard of it, is promoted, and has the lower number; what the other wrote meanwhile is reported. */
    @Test
    void loses_nothing_in_silence_to_a_standby_that_was_promoted() {
        standbyIsNotInTheSnapshot();
        primary.startAlone().awaitRole("primary").insert(3, "after");
        assertThat(primary.stop()).isZero();
        standby.start().awaitRole("standby").touchTrigger().awaitRole("primary");
        standby.insert(7, "promoted");
        primary.start().awaitLog("ABANDONED: timeline 17");
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
        primary.awaitRows("new=100 old=5 promoted=7");
        standby.insert(1, "later");
        primary.awaitRows("later=1 new=100 old=5 promoted=7");
    }

    /** The standby, with rows that were acknowledged, answers while the one put back still recovers. */
    @Test
    void does_not_open_where_the_standby_answers_meanwhile() {
        standbyIsNotInTheSnapshot();
        primary.startAlone();
        String startup = FreshPair.stopStartupProcess(primary);
        primary.awaitLog("decision: open-newer");
        standby.start().awaitRole("standby");
        primary.awaitLog("this member no longer opens by itself");
        primary.run("kill", "-CONT", startup);
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
        primary.awaitRows("new=100 old=5");
    }

    /** The standby was promoted, is silent, is seen, and is silent again. */
    @Test
    void does_not_oust_a_primary_that_it_has_seen() {
        standbyIsNotInTheSnapshot();
        standby.start().awaitRole("standby").touchTrigger().awaitRole("primary");
        standby.insert(7, "promoted");
        signal(standby, "STOP");
        primary.startAlone();
        String startup = FreshPair.stopStartupProcess(primary);
        primary.awaitLog("decision: open-newer");
        signal(standby, "CONT");
        primary.awaitLog("this member no longer opens by itself");
        signal(standby, "STOP");
        primary.run("kill", "-CONT", startup);
        Pause.milliseconds(5_000);
        signal(standby, "CONT");
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
        primary.awaitRows("new=100 old=5 promoted=7");
    }

    private static void signal(LocalInstance member, String name) {
        long server = member.postmaster();
        member.run("sh", "-c", "kill -" + name + " " + server + " $(ps -o pid= --ppid " + server + ")");
    }

    /** After a clean stop without a standby the primary took a timeline of its own already; put back to that stop, it takes the same number again. */
    @Test
    void takes_the_number_of_its_timeline_again_and_is_seen() throws IOException {
        primary.start().awaitRole("primary").createRows().insert(5, "old");
        assertThat(primary.stop()).isZero();
        keep();
        primary.start().awaitRole("primary");
        standbyGoesOn();
        putBack();
        primary.startAlone().awaitRole("primary").insert(3, "after");
        assertThat(primary.timeline()).isEqualTo("00000011");
        standby.start().awaitLog("timeline 17 here is another one than timeline 17 of postgresql-primary");
        standby.awaitLog("ABANDONED: the data that were here are kept");
        standbyFollows("after=3 later=2 old=5");
        try (Stream<Path> folders = Files.list(standby.data().getParent())) {
            assertThat(folders)
                    .anyMatch(folder -> folder.getFileName().toString().startsWith("pgdata.abandoned-"));
        }
    }

    /** A person sees that the standby does not follow, and asks for a rebuild before it has found out by itself. */
    @Test
    void a_rebuild_of_the_standby_reports_what_it_has_alone() {
        standbyIsNotInTheSnapshot();
        primary.startAlone().awaitRole("primary").insert(3, "after");
        standby.with("STUCK_SECONDS", "60").start().awaitLog("role: standby");
        rebuild();
        assertThat(standby.news()).contains("ABANDONED: timeline 1 from");
        assertThat(standby.run("sh", "-c", "ls -d " + walVolume(standby) + "/abandoned-1-*/README")
                        .status())
                .isZero();
    }

    /** On a number of two histories nothing can be counted: what is here is kept as it is. */
    @Test
    void a_rebuild_of_the_standby_keeps_its_timeline_of_the_same_number() {
        primary.start().awaitRole("primary").createRows().insert(5, "old");
        assertThat(primary.stop()).isZero();
        keep();
        primary.start().awaitRole("primary");
        standbyGoesOn();
        putBack();
        primary.startAlone().awaitRole("primary").insert(3, "after");
        standby.start().awaitLog("role: starting");
        rebuild();
        assertThat(standby.news()).contains("ABANDONED: the data that were here are kept");
    }

    private void rebuild() {
        standby.run("touch", standby.runtime() + "/rebuild_request");
        standby.awaitLog("copy of postgresql-primary complete");
        standbyFollows("after=3 later=2 old=5");
    }

    private void standbyIsNotInTheSnapshot() {
        primary.start().awaitRole("primary").createRows().insert(5, "old");
        primary.kill();
        keep();
        primary.start().awaitRole("primary");
        standbyGoesOn();
        assertThat(standby.run("sh", "-c", "ls " + standby.data() + "/pg_wal/").output())
                .contains("000000010000000000000003");
        putBack();
    }

    private void keep() {
        for (String volume : List.of("data", "wal")) {
            primary.run("cp", "-a", home(volume), home(volume) + ".snapshot");
        }
    }

    /** The standby has rows that the primary will not have any more. */
    private void standbyGoesOn() {
        standby.start();
        pair.awaitStreaming(primary, standby);
        primary.insert(100, "new");
        standby.awaitRows("new=100 old=5");
        assertThat(standby.stop()).isZero();
        assertThat(primary.stop()).isZero();
    }

    private void putBack() {
        for (String volume : List.of("data", "wal")) {
            primary.run("rm", "-rf", home(volume));
            primary.run("mv", home(volume) + ".snapshot", home(volume));
        }
        primary.run("sh", "-c", "rm -f " + primary.runtime() + "/*");
        primary.with("STUCK_SECONDS", "5");
        standby.with("STUCK_SECONDS", "5");
    }

    private void standbyFollows(String rows) {
        pair.awaitStreaming(primary, standby);
        primary.insert(2, "later");
        standby.awaitRows(rows);
    }

    private static String walVolume(LocalInstance member) {
        return member.runtime().resolveSibling("wal").toString();
    }

    private String home(String volume) {
        return primary.runtime().resolveSibling(volume).toString();
    }
}
