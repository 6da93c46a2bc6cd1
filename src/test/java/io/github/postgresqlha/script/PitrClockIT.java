package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A log that is not in the order of time, as of a clock that went wrong for a while. PostgreSQL ends a recovery at the first commit
 * that is later than the target, and what is behind that would be lost.
 */
@Tag("long")
class PitrClockIT {

    private static final Pattern PLACE =
            Pattern.compile("(?:--target-lsn|BOOTSTRAP_TARGET\\):?) ([0-9A-F]+/[0-9A-F]+)");

    private LocalPair pair;
    private LocalInstance primary;
    private SteppedClock clock;
    private LocalRepository repository;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        primary = pair.primary();
        try {
            clock = SteppedClock.of(pair.local(), primary);
        } catch (Throwable failed) {
            pair.close();
            throw failed;
        }
        primary.start().awaitRole("primary");
        repository = new LocalRepository(pair).receive(primary);
        primary.createRows().insert(2, "a");
        repository.backUp(primary);
    }

    @AfterEach
    void stop() {
        if (repository != null) {
            repository.close();
        }
        pair.close();
    }

    /** What is behind the stop is in its segment, in whole ones and in the unfinished one. */
    @Test
    void a_time_behind_a_commit_of_a_clock_that_was_ahead_is_refused_and_the_places_are_named() {
        primary.insert(1, "x");
        commitAhead();
        primary.insert(2, "b");
        repository.switchSegment(primary);
        primary.insert(2, "b");
        repository.switchSegment(primary);
        primary.insert(2, "b");
        String time = primary.sql("SELECT clock_timestamp()");
        primary.insert(2, "c");
        repository.awaitArchived(primary);
        for (String last : List.of("--dry-run", "--yes")) {
            Tool.Result refused = restore("--target-time", time, last);
            assertThat(refused.status()).as(refused.output()).isEqualTo(1);
            assertThat(refused.output()).contains("not in the order of time", "nothing was touched");
            assertThat(primary.rows()).isEqualTo("a=2 ahead=1 b=6 c=2 x=1");
            assertThat(primary.timeline()).isEqualTo("00000001");
        }
        assertThat(primary.run("ls", primary.data() + "/..").output()).isEqualToIgnoringWhitespace("pgdata state");
        List<String> places = places(restore("--target-time", time, "--dry-run").output());
        assertThat(places).as("with all of them, and as PostgreSQL would").hasSize(2);
        assertRecovers(places.get(0), "a=2 ahead=1 b=6 x=1");
        assertRecovers(places.get(1), "a=2 x=1");
    }

    /** The other member's clock was right; and a new installation is told the time. */
    @Test
    void a_bootstrap_refuses_such_a_time_and_takes_the_place() {
        LocalInstance standby = pair.standby().start();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        commitAhead();
        repository.awaitArchived(primary);
        standby.awaitRows("a=2 ahead=1");
        assertThat(primary.stop()).isZero();
        Timelines.reserve(standby).touchTrigger().awaitRole("primary");
        repository.receive(standby);
        standby.insert(3, "b");
        String time = standby.sql(
                "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
        standby.insert(2, "c");
        repository.awaitArchived(standby);
        repository.close();
        assertThat(standby.stop()).isZero();
        loseVolumes();
        primary.with("BOOTSTRAP_DIRECTORY", repository.folder().toString())
                .with("BOOTSTRAP_TARGET", time)
                .with("BOOTSTRAP_RETRY_SECONDS", "1")
                .start();
        primary.await(
                Duration.ofSeconds(60),
                () -> primary.news().contains("an empty one is never made instead") || Files.exists(primary.data()),
                "a refusal");
        assertThat(primary.news()).contains("not in the order of time");
        assertThat(Files.exists(primary.data())).isFalse();
        assertThat(primary.stop()).isZero();
        primary.with("BOOTSTRAP_TARGET", places(primary.news()).get(0)).start().awaitRole("primary");
        assertThat(primary.rows()).isEqualTo("a=2 ahead=1 b=3");
    }

    /** Nobody receives meanwhile: the server ends a stream when its clock is set. */
    private void commitAhead() {
        repository.close();
        clock.stand(3600);
        primary.insert(1, "ahead");
        clock.stand(0);
        repository.receive(primary);
    }

    private void loseVolumes() {
        for (LocalInstance member : List.of(primary, pair.standby())) {
            member.run(
                    "sh",
                    "-c",
                    "rm -rf " + member.data() + " " + member.state() + " " + member.environment("WAL_DIRECTORY")
                            + "/*");
        }
    }

    private void assertRecovers(String place, String rows) {
        Tool.Result result = restore("--target-lsn", place, "--timeline", "1", "--yes");
        assertThat(result.status()).as(result.output() + primary.log()).isZero();
        assertThat(primary.rows()).isEqualTo(rows);
    }

    private static List<String> places(String text) {
        return PLACE.matcher(text).results().map(found -> found.group(1)).toList();
    }

    private Tool.Result restore(String... arguments) {
        return primary.script(Map.of(), "restore-pitr.sh", arguments);
    }
}
