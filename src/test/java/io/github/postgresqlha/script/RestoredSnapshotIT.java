package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A member whose volumes were put back to a snapshot does not know which numbers of timelines it took since. */
@Tag("long")
class RestoredSnapshotIT extends FreshPair {

    private static final String OTHER = "timeline 2 here is another one than timeline 2 of postgresql-standby";

    /** Numbers are alike, and histories are not: once it was shown as standby, and its WAL was written over. */
    @Test
    void a_member_does_not_follow_another_timeline_of_its_own_number() throws IOException {
        takeNumberTwice();
        primary.start().awaitLog(OTHER);
        assertThat(primary.role()).isNotEqualTo("standby");
        pair.awaitStreaming(standby, primary);
        primary.awaitRows("B=400 both=2");
        assertThat(primary.news())
                .contains("put back in time", "taking a new copy of postgresql-standby", "ABANDONED: the data")
                .containsOnlyOnce(OTHER);
        assertThat(countKept("A")).isEqualTo("50");
        primary.kill();
        standby.kill();
        standby.start();
        primary.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
        primary.awaitRows("B=400 both=2");
    }

    /** The snapshot is from between the end of the primary and the promotion, so that both promotions are at one place. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void two_promotions_at_one_place_are_told_apart(boolean atTheBeginningOfSegment) {
        primary.insert(2, "both");
        standby.awaitRows("both=2");
        if (atTheBeginningOfSegment) { // as each base backup leaves it
            primary.sql("SELECT pg_switch_wal()");
            pair.awaitStreaming(primary, standby);
            primary.with("RESTART_IN_PLACE_SECONDS", "-1").kill();
        } else {
            assertThat(primary.stop()).isZero();
        }
        keep();
        standby.start().awaitRole("standby").touchTrigger().awaitRole("primary");
        standby.insert(50, "A");
        follow("A=50 both=2");
        assertThat(primary.news()).doesNotContain("another one");
        assertThat(primary.stop()).isZero();
        assertThat(standby.stop()).isZero();
        putBack();
        standby.start().awaitRole("standby").touchTrigger().awaitRole("primary");
        standby.insert(400, "B");
        primary.start().awaitLog(OTHER);
        assertThat(primary.news()).contains("of two promotions");
        pair.awaitStreaming(standby, primary);
        primary.awaitRows("B=400 both=2");
    }

    /** The same while it runs: the other's server was started since they were compared. */
    @Test
    void a_member_that_runs_stops_receiving_and_takes_a_copy() {
        snapshot();
        primary.insert(20, "old");
        takeOver();
        follow("A=50 both=2 old=20");
        freeze(primary);
        standby.kill();
        putBack();
        standby.start().awaitRole("standby");
        standby.run("sh", "-c", "echo force >" + standby.runtime() + "/promote_trigger");
        standby.awaitRole("primary");
        assertThat(standby.timeline()).isEqualTo("00000002");
        thaw();
        primary.awaitLog(OTHER);
        standby.insert(400, "B");
        pair.awaitStreaming(standby, primary);
        primary.awaitRows("B=400 both=2");
        assertThat(primary.news()).contains("ABANDONED: the data");
    }

    /** Doubt is no reason for a copy. */
    @Test
    void a_history_that_is_not_given_is_waited_for() throws IOException {
        takeNumberTwice();
        standby.sql("ALTER ROLE replicator VALID UNTIL '2000-01-01'");
        primary.start()
                .awaitLog("whether timeline 2 here is the one of postgresql-standby cannot be known: postgresql-standby"
                        + " does not give its history");
        Pause.milliseconds(8_000);
        assertThat(primary.news())
                .doesNotContain("ABANDONED", "taking a new copy")
                .containsOnlyOnce("cannot be known");
        assertThat(primary.rows()).isEqualTo("A=50 both=2 old=20");
        assertThat(Project.read(primary.data().resolve("postgresql.conf")))
                .as("what was kept has to start, so nothing is received before it is known")
                .doesNotContain("primary_conninfo");
        standby.sql("ALTER ROLE replicator VALID UNTIL 'infinity'");
        pair.awaitStreaming(standby, primary);
        primary.awaitLog("ABANDONED: the data");
        primary.awaitRows("B=400 both=2");
        assertThat(countKept("A")).isEqualTo("50");
    }

    /** What goes back in time with no member's volume: the archive knows that the number was taken. */
    @Test
    void a_number_that_the_archive_has_is_not_taken_again() throws IOException {
        archive(standby, "00000012.history.gz");
        archive(standby, "00FFFFFF.history");
        archive(standby, "FFFFFFFF.history.gz");
        assertThat(primary.stop()).isZero();
        assertThat(standby.stop()).isZero();
        standby.start().awaitRole("standby").touchTrigger().awaitRole("primary");
        assertThat(standby.timeline()).isEqualTo("00000022");
        assertThat(standby.news())
                .contains("timeline 4294967295, of which a history is here or in the WAL archive, is far");
    }

    @Test
    void an_archive_that_hangs_keeps_nobody_from_being_promoted() {
        Path find = pair.local().program("find", "#!/bin/sh\nexec sleep 300\n");
        assertThat(standby.stop()).isZero();
        standby.run("rm", "-f", standby.runtime() + "/archive-timeline");
        standby.with("PATH", find.getParent() + ":" + pair.local().path()).start();
        pair.awaitStreaming(primary, standby);
        assertThat(primary.stop()).isZero();
        standby.touchTrigger().awaitRole("primary");
        assertThat(standby.timeline()).isEqualTo("00000002");
    }

    /** Member 2 takes timeline 2, with rows A that member 1 follows; it is put back, and takes timeline 2 again, with rows B. */
    private void takeNumberTwice() {
        snapshot();
        primary.insert(20, "old");
        takeOver();
        follow("A=50 both=2 old=20");
        assertThat(primary.stop()).isZero();
        assertThat(standby.stop()).isZero();
        putBack();
        standby.start().awaitRole("standby").touchTrigger().awaitRole("primary");
        assertThat(standby.timeline()).isEqualTo("00000002");
        standby.insert(400, "B");
    }

    private void snapshot() {
        primary.insert(2, "both");
        standby.awaitRows("both=2");
        keep();
        standby.start();
        pair.awaitStreaming(primary, standby);
    }

    private void keep() {
        assertThat(standby.stop()).isZero();
        for (String volume : List.of("data", "wal")) {
            standby.run("cp", "-a", home(volume), home(volume) + ".snapshot");
        }
    }

    /** The former primary comes back, and has these rows. */
    private void follow(String rows) {
        primary.start();
        pair.awaitStreaming(standby, primary);
        primary.awaitRows(rows);
    }

    private void takeOver() {
        standby.awaitRows("both=2 old=20");
        assertThat(primary.stop()).isZero();
        standby.touchTrigger().awaitRole("primary");
        standby.insert(50, "A");
    }

    private void putBack() {
        for (String volume : List.of("data", "wal")) {
            standby.run("rm", "-rf", home(volume));
            standby.run("mv", home(volume) + ".snapshot", home(volume));
        }
        standby.run("sh", "-c", "rm -f " + standby.runtime() + "/*");
    }

    private String home(String volume) {
        return standby.runtime().resolveSibling(volume).toString();
    }

    private void archive(LocalInstance member, String name) throws IOException {
        Path wal = Files.createDirectories(Path.of(member.environment("BACKUP_DIRECTORY"), "wal"));
        pair.local().write(wal.resolve(name), "1\t0/3000000\tno recovery target specified\n");
        Files.setPosixFilePermissions(wal, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** What the data that were set aside hold, as a person would look. */
    private String countKept(String note) throws IOException {
        Path kept;
        try (Stream<Path> folders = Files.list(primary.data().getParent())) {
            kept = folders.filter(folder -> folder.getFileName().toString().startsWith("pgdata.abandoned-"))
                    .findFirst()
                    .orElseThrow();
        }
        primary.run("rm", "-f", kept + "/standby.signal");
        String said = primary.run(
                        "sh",
                        "-c",
                        "echo \"SELECT count(*) FROM rows WHERE note = '" + note + "'\" | postgres --single -D " + kept
                                + " airflow 2>&1 | sed -n 's/.*count = \"\\([0-9]*\\)\".*/\\1/p'")
                .output();
        return said.strip();
    }
}
