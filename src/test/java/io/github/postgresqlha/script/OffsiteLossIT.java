package io.github.postgresqlha.script;

import static io.github.postgresqlha.script.OffsiteVolume.BASE;
import static io.github.postgresqlha.script.OffsiteVolume.DUMP;
import static io.github.postgresqlha.script.OffsiteVolume.SEGMENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What somebody takes away outside of the cluster is noticed by the next run, and named until a person has looked. */
class OffsiteLossIT {

    private OffsiteVolume volume;

    @BeforeEach
    void copy_once() {
        volume = new OffsiteVolume();
        succeed(volume.copy());
        assertThat(volume.note("last-copy.env")).contains("VANISHED=0\nVANISHED_SINCE=\n");
    }

    @AfterEach
    void close() {
        volume.close();
    }

    @Test
    void an_emptied_bucket_is_named_and_filled_again() {
        volume.good("rm -r $REMOTE/postgresql");
        Tool.Result result = volume.copy();
        succeed(result);
        assertThat(result.output())
                .contains("11 files that were at offsite:postgresql are GONE")
                .contains("0 files it has not")
                .contains("Change the credential")
                .contains("11 files, 11 new");
        assertThat(volume.note("vanished")).contains("FILES=11\nLOST=0\n", DUMP + "\n", BASE + "/base.env\n");
        assertThat(volume.note("last-copy.env"))
                .contains("VANISHED=11\n")
                .containsPattern("VANISHED_SINCE=20[0-9TZ:-]+\n");
        assertThat(volume.copied()).contains(DUMP, SEGMENT, BASE + "/SHA256SUMS", "last-copy.env");
    }

    /** Retention here is shorter than there, so that nothing brings it back. */
    @Test
    void what_was_only_there_is_named_as_lost() {
        volume.good("rm " + DUMP + "* && rm $REMOTE/postgresql/" + DUMP);
        succeed(volume.copy());
        assertThat(volume.note("vanished")).contains("FILES=1\nLOST=1\n" + DUMP + "\n");
        volume.good(": >$REMOTE/postgresql/" + DUMP + ".sha256");
        Tool.Result cut = volume.copy();
        assertThat(cut.output())
                .contains("1 files that were at offsite:postgresql are GONE, the first of them " + DUMP + ".sha256");
        assertThat(volume.note("vanished")).contains("FILES=2\nLOST=2\n");
    }

    @Test
    void it_is_kept_until_a_person_removes_it() {
        volume.good("rm $REMOTE/postgresql/" + SEGMENT);
        succeed(volume.copy());
        String since = volume.note("vanished").lines().findFirst().orElseThrow();
        volume.good("rm $REMOTE/postgresql/wal/*5.gz");
        succeed(volume.copy());
        assertThat(volume.copy().output()).doesNotContain("GONE");
        assertThat(volume.note("vanished")).startsWith(since + "\nFILES=2\nLOST=0\n");
        volume.good("rm offsite/vanished");
        assertThat(volume.copy().output()).doesNotContain("GONE");
        assertThat(volume.local("offsite/vanished")).doesNotExist();
        assertThat(volume.note("last-copy.env")).contains("VANISHED=0\n");
    }

    @Test
    void what_retention_and_repair_remove_is_not_gone() {
        volume.base("20260102_030000", "0/5000028");
        volume.dump("20260103_020000");
        succeed(volume.copy(Map.of("OFFSITE_RETENTION_DAYS", "36500")));
        volume.good("truncate -s 9 $REMOTE/postgresql/wal/*5.gz");
        volume.good("rm $REMOTE/postgresql/" + DUMP + " # past the retention: by hand, or by a lifecycle");
        Map<String, String> kept = Map.of("OFFSITE_RETENTION_DAYS", "1");
        assertThat(volume.copy(kept).output())
                .contains("wal/000000010000000000000005.gz is damaged off-site")
                .doesNotContain("GONE");
        assertThat(volume.copied()).doesNotContain(SEGMENT, BASE + "/base.tar.gz");
        volume.good("rm wal/receiving/* && head -c 99 /dev/urandom | gzip >wal/000000010000000000000006.gz");
        assertThat(volume.copy(kept).output()).doesNotContain("GONE");
        assertThat(volume.copy(kept).output()).doesNotContain("GONE");
    }

    @Test
    void without_an_inventory_the_marker_of_the_last_copy_says_what_was_there() {
        volume.good("rm offsite/inventory && rm -r $REMOTE/postgresql");
        succeed(volume.copy());
        assertThat(volume.note("vanished"))
                .contains(
                        "FILES=3\nLOST=0\n", BASE + "/SHA256SUMS\n", DUMP + "\n", "wal/000000010000000000000005.gz\n");
    }

    @Test
    void another_place_is_no_loss() {
        Tool.Result result = volume.copy(Map.of("OFFSITE_REMOTE", "offsite:elsewhere"));
        assertThat(result.output()).contains("11 files, 11 new").doesNotContain("GONE");
        assertThat(volume.note("inventory")).startsWith("# offsite:elsewhere\n");
    }

    @Test
    void an_inventory_that_is_spoilt_names_nothing_and_runs_nothing() {
        volume.good("printf '%s\\n' '1 $(touch RUN)' '1 ../../etc/passwd' 'x " + DUMP
                + "' '1 base/postgresql_base_20260101_030000/$(touch RUN)' >>offsite/inventory");
        volume.good("printf 'SINCE=$(touch RUN)\\n../../x\\n' >offsite/vanished; rm $REMOTE/postgresql/" + SEGMENT);
        succeed(volume.copy());
        assertThat(volume.note("vanished")).matches("SINCE=20[0-9TZ:-]+\nFILES=1\nLOST=0\n" + SEGMENT + "\n");
        assertThat(volume.note("inventory")).doesNotContain("RUN", "passwd");
        volume.good("[ -z \"$(find . -name RUN)\" ]");
    }

    /** Then the health check warns by the age of the marker. */
    @Test
    void a_place_that_cannot_be_listed_is_no_loss_and_no_copy() {
        String marker = volume.note("last-copy.env");
        String inventory = volume.note("inventory");
        String path = volume.before(
                "case \" $* \" in *' lsf '*) echo 'one wal/000000010000000000000009.gz'; echo 'directory not found' >&2; exit 3 ;; esac");
        assertThat(volume.copy(Map.of("PATH", path)).status()).isEqualTo(2);
        assertThat(volume.note("last-copy.env")).isEqualTo(marker);
        assertThat(volume.note("inventory")).isEqualTo(inventory);
        assertThat(volume.local("offsite/vanished")).doesNotExist();
    }

    private static void succeed(Tool.Result result) {
        assertThat(result.status()).as(result.output()).isZero();
    }
}
