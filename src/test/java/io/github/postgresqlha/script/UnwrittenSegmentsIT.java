package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PostgreSQL makes segments before it writes them. What reads the log by a folder must not take their zeros for an answer. */
@Tag("long")
class UnwrittenSegmentsIT extends FreshPair {

    @Test
    void what_only_a_former_primary_has_is_counted_beside_them() {
        pair.failOverWithLoss(primary, standby, 50, "abandoned");
        makeUnwritten(primary);
        primary.start().awaitLog("50 committed transactions that postgresql-standby never had");
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
    }

    @Test
    void a_clean_shutdown_is_seen_beside_them() throws IOException {
        makeUnwritten(standby);
        primary.insert(1, "last");
        assertThat(primary.stop()).isZero();
        promoteBesideSilentAddress();
        assertThat(standby.news()).doesNotContain("promotion pending: postgresql-primary is silent");
    }

    /** So many that whichever file a folder gives first is most likely one of them. */
    private static void makeUnwritten(LocalInstance member) {
        String folder = member.data().resolve("pg_wal").toString();
        assertThat(member.run(
                                "bash",
                                "-c",
                                "cd " + folder + " && last=$(ls | grep -E '^[0-9A-F]{24}$' | tail -n 1) && "
                                        + "for n in {1..64}; do truncate -s 16M \"$(printf '%s%08X' \"${last:0:16}\" $((16#${last:16} + n)))\"; done")
                        .status())
                .isZero();
    }
}
