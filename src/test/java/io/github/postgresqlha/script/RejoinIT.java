package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An old primary that has rows of its own comes back: to a peer that restarts at that moment, and where pg_rewind cannot work. */
@Tag("long")
class RejoinIT extends StreamingPair {

    private static final String READ_FILE = " EXECUTE ON FUNCTION pg_read_binary_file(text, bigint, bigint, boolean) ";

    private static int round;
    private LocalInstance old;
    private LocalInstance promoted;

    @BeforeEach
    void failed_over() {
        old = primary;
        promoted = standby;
        round++;
        old.insert(10, "before" + round);
        pair.failOverWithLoss(old, promoted, 50, "abandoned" + round);
        promoted.insert(10, "after" + round);
    }

    @ParameterizedTest
    @CsvSource({"clean,0", "clean,700", "cut,0", "cut,700"})
    void never_opens_beside_a_promoted_peer_that_restarts_at_this_moment(String end, int milliseconds) {
        String rows = promoted.rows();
        String timeline = promoted.timeline();
        try (PrimaryWatch watch = new PrimaryWatch(pair)) {
            if (end.equals("clean")) {
                assertThat(promoted.stop()).isZero();
            } else {
                promoted.kill();
            }
            old.start();
            Pause.milliseconds(milliseconds);
            promoted.start();
            assertThat(pair.awaitOnePrimary()).isSameAs(promoted);
            assertThat(watch.sawOpen(old)).isFalse();
        }
        assertThat(old.news()).contains("rejoining " + promoted.name());
        assertThat(promoted.timeline()).isEqualTo(timeline);
        assertThat(promoted.rows()).isEqualTo(rows);
        old.awaitRows(rows);
    }

    @ParameterizedTest
    @ValueSource(strings = {"password authentication failed", "permission denied for function pg_read_binary_file"})
    void copies_where_pg_rewind_is_refused(String refusal) {
        String rows = promoted.rows();
        refuseRewind(refusal);
        old.start();
        awaitCopyAndRestore("taking a new copy of " + promoted.name());
        assertThat(old.news()).contains(refusal, "pg_rewind cannot bring this instance back");
        old.awaitRows(rows);
        if (refusal.startsWith("permission")) {
            promoted.sql("DROP SEQUENCE postgresql_ha.failover_probe;"
                    + " ALTER TABLE postgresql_ha.kept RENAME TO failover_probe; GRANT" + READ_FILE + "TO rewinder");
        }
        old.with("SECRET_DIRECTORY", promoted.environment("SECRET_DIRECTORY"));
    }

    /** The peer refuses the copy before it begins, or breaks it off in the middle. */
    @ParameterizedTest
    @ValueSource(
            strings = {"password authentication failed for user \"replicator\"", "could not open file \"./unreadable\""
            })
    void keeps_what_it_has_while_neither_pg_rewind_nor_a_copy_works(String refusal) {
        String rows = promoted.rows();
        String system = old.systemIdentifier();
        boolean begins = refusal.endsWith("unreadable\"");
        refuseRewind("password");
        if (begins) {
            promoted.run("install", "-m", "000", "/dev/null", promoted.data() + "/unreadable");
        } else {
            promoted.sql("ALTER ROLE replicator VALID UNTIL '2000-01-01'");
        }
        old.start();
        old.awaitLog("copying " + promoted.name() + " failed; what was here is untouched");
        old.await(
                Duration.ofSeconds(40),
                () -> old.news().split("what was here is untouched", -1).length > 2,
                "a second attempt");
        assertThat(old.news())
                .contains(refusal)
                // Its 50 rows, and what its supervisor may have reconciled meanwhile.
                .containsPattern(
                        begins
                                ? "5[0-9] committed transactions that " + promoted.name() + " never had"
                                : "what only this instance holds could not be counted");
        assertThat(old.isAlive()).isTrue();
        assertThat(old.role()).isIn("rejoining", "undecided", "starting");
        assertThat(old.systemIdentifier()).isEqualTo(system);
        promoted.sql("ALTER ROLE replicator VALID UNTIL 'infinity'");
        promoted.run("rm", "-f", promoted.data() + "/unreadable");
        awaitCopyAndRestore("copy of " + promoted.name() + " complete");
        old.awaitRows(rows);
        old.with("SECRET_DIRECTORY", promoted.environment("SECRET_DIRECTORY"));
    }

    private void refuseRewind(String refusal) {
        if (refusal.startsWith("permission")) {
            // What stands in the way of the grants after it keeps the supervisor from giving this one back.
            promoted.sql("ALTER TABLE postgresql_ha.failover_probe RENAME TO kept;"
                    + " CREATE SEQUENCE postgresql_ha.failover_probe; REVOKE" + READ_FILE + "FROM rewinder");
        } else {
            Path secret = Path.of(promoted.environment("SECRET_DIRECTORY"));
            Path wrong = pair.local().makeFolder("wrong-" + round);
            try (Stream<Path> files = Files.list(secret)) {
                for (Path file : files.toList()) {
                    Files.copy(file, wrong.resolve(file.getFileName()));
                }
                pair.local().write(wrong.resolve("rewinder-password"), "wrong");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            old.with("SECRET_DIRECTORY", wrong.toString());
        }
    }

    /** At every look, whole data are there: the old ones until the new ones take their place. */
    private void awaitCopyAndRestore(String line) {
        old.await(
                Duration.ofSeconds(60),
                () -> {
                    assertThat(hasData()).as(old.log()).isTrue();
                    return old.news().contains(line) && old.role().equals("standby");
                },
                "a copy, and whole data until then");
        pair.awaitStreaming(promoted, old);
    }

    private boolean hasData() {
        Path control = Path.of("global/pg_control");
        for (int look = 0; look < 3; look++) {
            if (Files.exists(old.data().resolve(control))) {
                return true;
            }
            try (Stream<Path> folders = Files.list(old.data().resolveSibling(""))) {
                if (folders.anyMatch(folder -> folder.getFileName().toString().matches("pgdata\\.(before|abandoned)-.*")
                        && Files.exists(folder.resolve(control)))) {
                    return true;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return false;
    }
}
