package io.github.postgresqlha.script;

import static io.github.postgresqlha.script.OffsiteVolume.DUMP;
import static io.github.postgresqlha.script.OffsiteVolume.SEGMENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The comparison of all that is outside: nothing waits for it, and it gets round. */
@Tag("long")
class OffsiteCompareIT {

    private static final String NEW = "wal/000000010000000000000006.gz";

    private OffsiteVolume volume;

    @BeforeEach
    void fill() {
        volume = new OffsiteVolume();
    }

    @AfterEach
    void close() {
        volume.close();
    }

    @Test
    void wal_arrives_while_a_comparison_takes_long() {
        volume.copy();
        whileItWaits("check", "/slice", Map.of("OFFSITE_VERIFY_HOURS", "0"));
    }

    @Test
    void wal_arrives_before_and_while_a_large_base_backup_is_sent() {
        whileItWaits("copy", "/beside/first", Map.of());
        assertThat(volume.copied()).contains(DUMP, OffsiteVolume.BASE + "/SHA256SUMS");
    }

    /** A run whose rclone waits in the middle, until a segment that came meanwhile is there. */
    private void whileItWaits(String command, String list, Map<String, String> changes) {
        Map<String, String> job = new HashMap<>(changes);
        job.put("OFFSITE_WAL_SECONDS", "1");
        job.put(
                "PATH",
                volume.before(
                        "case \" $* \" in *' " + command + " '*'" + list + " '*)\n"
                                + ": >$REMOTE/waits; n=0; while [ ! -e $REMOTE/go ] && [ $n -lt 600 ]; do sleep 0.1; n=$((n + 1)); done ;; esac"));
        CompletableFuture<Tool.Result> run = CompletableFuture.supplyAsync(() -> volume.copy(job));
        await(volume.remote().folder().resolve("waits"));
        assertThat(volume.there().resolve(SEGMENT)).exists();
        volume.good("rm -f wal/receiving/* && head -c 20000 /dev/urandom | gzip >" + NEW);
        await(volume.there().resolve(NEW));
        assertThat(run).isNotDone();
        volume.good(": >$REMOTE/go");
        Tool.Result result = run.join();
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(volume.note("last-copy.env")).contains("FILES=12\n", "NEWEST_WAL=000000010000000000000006\n");
    }

    @Test
    void each_run_compares_a_part_and_what_waited_longest_first() {
        volume.copy();
        volume.good("sleep 1; printf x | dd of=$REMOTE/postgresql/" + DUMP + " bs=1 seek=40 conv=notrunc status=none");
        assertThat(volume.copy().output()).as("not due").contains("0 replaced");
        long began = Instant.now().getEpochSecond();
        Map<String, String> slices =
                Map.of("OFFSITE_VERIFY_HOURS", "0", "OFFSITE_SLICE_SECONDS", "0", "OFFSITE_SLICE_FILES", "4");
        int replaced = 0;
        for (int run = 1; run <= 3; run++) {
            assertThat(verified()).as("before run " + run).isLessThan(began);
            Tool.Result result = volume.copy(slices);
            assertThat(result.status()).as(result.output()).isZero();
            replaced += result.output().contains("1 replaced") ? 1 : 0;
            assertThat(comparedSince(began)).as("after run " + run).isBetween(4L * run - 2, 4L * run);
        }
        assertThat(replaced).isEqualTo(1);
        volume.copy(slices);
        assertThat(verified()).isGreaterThanOrEqualTo(began);
    }

    private long comparedSince(long began) {
        return volume.note("compared")
                .lines()
                .filter(line -> Long.parseLong(line.substring(0, line.indexOf(' '))) >= began)
                .count();
    }

    @Test
    void what_was_never_compared_comes_first_and_a_spoilt_note_is_none() {
        volume.copy();
        volume.good("printf '%s\\n' '99999999999999 " + SEGMENT
                + "' '1 $(touch RUN)' '1 ../../etc/passwd' >offsite/compared");
        volume.good("printf x | dd of=$REMOTE/postgresql/" + SEGMENT + " bs=1 seek=40 conv=notrunc status=none");
        assertThat(volume.copy().output()).contains(SEGMENT + " is damaged off-site");
        assertThat(volume.note("compared")).doesNotContain("RUN", "passwd").contains(DUMP);
        volume.copy();
        assertThat(volume.note("compared").lines()).hasSize(11);
        assertThat(verified()).isPositive();
    }

    private long verified() {
        return volume.note("last-copy.env")
                .lines()
                .filter(line -> line.startsWith("VERIFIED_EPOCH="))
                .mapToLong(line -> Long.parseLong(line.substring(15)))
                .findFirst()
                .orElseThrow();
    }

    private static void await(Path file) {
        Instant late = Instant.now().plus(Duration.ofSeconds(30));
        while (!Files.exists(file)) {
            assertThat(Instant.now()).as("waits for " + file).isBefore(late);
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
