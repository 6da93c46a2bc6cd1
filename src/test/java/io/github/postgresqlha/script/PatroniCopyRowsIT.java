package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A person asks Patroni for a new copy of a former primary, as where pg_rewind cannot work: what it has alone is reported before it goes. */
@Tag("long")
class PatroniCopyRowsIT extends FreshPair {

    @Test
    void counts_what_a_former_primary_has_alone_before_it_goes() {
        pair.failOverWithLoss(primary, standby, 50, "alone");
        standby.insert(2, "after");
        copy();
        primary.start();
        pair.awaitStreaming(standby, primary);
        primary.awaitRows("after=2");
        // Its 50 rows, and what its supervisor may have reconciled meanwhile.
        assertThat(primary.news())
                .containsPattern("ABANDONED: timeline 1 from [0-9A-F/]+ to [0-9A-F/]+: 5[0-9] committed transactions");
        assertThat(beside()).isEqualToIgnoringWhitespace("pgdata state");
        assertThat(primary.run("sh", "-c", "cat " + primary.environment("WAL_DIRECTORY") + "/abandoned-1-*/README")
                        .output())
                .contains("that the primary never had");
    }

    /** Its WAL cannot be read: nobody can say what it has. */
    @Test
    void keeps_a_former_primary_that_cannot_be_counted() {
        pair.failOverWithLoss(primary, standby, 50, "alone");
        primary.run("bash", "-c", "for f in " + primary.data() + "/pg_wal/00000001*; do : >$f; done");
        copy();
        primary.start();
        pair.awaitStreaming(standby, primary);
        primary.await(Duration.ofSeconds(20), () -> beside().contains("pgdata.abandoned-"), "the data that were kept");
        assertThat(beside()).doesNotContain("pgdata.before-");
    }

    private void copy() {
        Tool.Result copy = primary.script(
                Map.of("PGPASSWORD", LocalPair.PASSWORD + "replicator"),
                "patroni/clone.sh",
                "--connstring=host=127.0.0.1 port=" + standby.port() + " user=replicator dbname=postgres");
        assertThat(copy.status()).as(copy.output()).isZero();
    }

    private String beside() {
        return primary.run("ls", primary.data() + "/..").output();
    }
}
