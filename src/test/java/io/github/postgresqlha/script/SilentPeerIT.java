package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A former primary that cannot learn what its standby has: it stays read-only, says why, and opens when a person says so. */
@Tag("long")
class SilentPeerIT {

    private static LocalPair pair;
    private static LocalInstance primary;

    @BeforeAll
    static void start() {
        pair = LocalPair.streaming();
        primary = pair.primary().createRows();
        assertThat(pair.standby().stop()).isZero();
        assertThat(primary.stop()).isZero();
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "refuses       | 127.0.0.1       | Connection refused",
                "starts up     | 127.0.0.1       | FATAL:  the database system is starting up",
                "has no name   | nowhere.invalid | could not translate host name"
            })
    void stays_read_only_until_a_person_says_otherwise(String peer, String host, String reason) throws IOException {
        try (StartingServer starting = new StartingServer()) {
            primary.with("PEER_HOST", host);
            if (peer.equals("starts up")) {
                primary.with("PEER_PORT", String.valueOf(starting.port()));
            }
            primary.start().awaitRole("undecided");
            Pause.milliseconds(5_000);
            assertThat(primary.role()).isEqualTo("undecided");
            assertThat(primary.sql("SELECT pg_is_in_recovery()")).isEqualTo("t");
            assertThat(primary.news())
                    .containsPattern("peer postgresql-standby: unknown \\(.*" + reason)
                    .contains("needs the other's promise before it opens")
                    .contains("read-only until postgresql-standby is seen");
            assertThat(primary.script("instance/probe.sh", "readiness").status())
                    .isEqualTo(1);
            String timeline = primary.sql("SELECT timeline_id FROM pg_control_checkpoint()");
            primary.touchTrigger();
            // Silence is no proof: the request waits a minute for an answer.
            primary.await(Duration.ofSeconds(100), () -> primary.role().equals("primary"), "the role primary");
            primary.insert(3, "opened");
            assertThat(Integer.parseInt(primary.timeline(), 16))
                    .isGreaterThan(Integer.parseInt(timeline))
                    .matches(number -> number % 16 == 1, "a timeline of the member's own");
            assertThat(primary.stop()).isZero();
        } finally {
            primary.with("PEER_PORT", String.valueOf(pair.standby().port()));
        }
    }
}
