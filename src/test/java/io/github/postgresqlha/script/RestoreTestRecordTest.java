package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The record of a restore test: who writes it did not restore anything, and believes nothing. */
class RestoreTestRecordTest {

    private static final String GOOD = "RESULT=good\nWHEN=2026-01-02T03:04:05Z\nWHEN_EPOCH=1767323045\nSECONDS=3\n";

    @TempDir
    private Path folder;

    @BeforeEach
    void make() throws IOException {
        Files.createDirectories(folder.resolve("result"));
        Files.createDirectories(folder.resolve("proof"));
    }

    @Test
    void a_good_one_is_the_last_good_one() throws IOException {
        assertThat(record(GOOD + "DUMP=postgresql_backup_20260102_020000.sql.gz\n")
                        .status())
                .isZero();
        assertThat(proof())
                .contains("RESULT=good\n")
                .containsPattern("LAST_GOOD=20[0-9-]{8}T[0-9:]{8}Z\n")
                .containsPattern("LAST_GOOD_EPOCH=[1-9][0-9]{9}\n");
    }

    /** Who restores hands a time over as well; that of the last good test is of this side's clock. */
    @Test
    void a_time_that_is_handed_over_is_not_believed() throws IOException {
        long before = Instant.now().getEpochSecond();
        assertThat(run("begin").status()).isZero();
        String begun = fact("WHEN");
        record(GOOD.replaceAll("WHEN=.*", "WHEN=2999-01-01T00:00:00Z")
                .replaceAll("EPOCH=.*", "EPOCH=32472144000\nLAST_GOOD_EPOCH=32472144000\nENDS_BY_EPOCH=1"));
        assertThat(fact("LAST_GOOD")).isEqualTo(begun).isEqualTo(fact("WHEN"));
        assertThat(Long.parseLong(fact("LAST_GOOD_EPOCH")))
                .isBetween(before, Instant.now().getEpochSecond());
        record(GOOD.replaceAll("EPOCH=.*", "EPOCH=32472144000"));
        assertThat(Long.parseLong(fact("LAST_GOOD_EPOCH")))
                .as("without a beginning")
                .isBetween(before, Instant.now().getEpochSecond());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DUMP=$(touch owned)",
                "SECONDS=x[$(touch owned)]",
                "TIMELINE=1;touch owned",
                "REASON=a\u0007b",
                "RESULT=perfect",
                "BASE=../../x"
            })
    void what_cannot_be_is_no_proof(String forged) throws IOException {
        record(GOOD);
        String good = fact("LAST_GOOD");
        Tool.Result result = record(
                GOOD.replaceAll("(?m)^" + forged.substring(0, forged.indexOf('=')) + "=.*\n", "") + forged + "\n");
        assertThat(result.status()).as(result.output()).isEqualTo(1);
        assertThat(proof())
                .contains("RESULT=failed\n", "LAST_GOOD=" + good + "\n")
                .doesNotContain("owned");
        assertThat(folder.resolve("owned")).doesNotExist();
    }

    @Test
    void a_test_that_left_nothing_is_no_good_one() throws IOException {
        assertThat(record("").status()).isEqualTo(1);
        assertThat(proof()).contains("RESULT=failed\nREASON=the test ended before it was done\n", "LAST_GOOD=\n");
    }

    @Test
    void one_that_runs_says_until_when_and_keeps_the_last_good_one() throws IOException {
        record(GOOD);
        String good = fact("LAST_GOOD");
        assertThat(run("begin").status()).isZero();
        assertThat(proof())
                .contains("RESULT=running\n", "LAST_GOOD=" + good + "\n")
                .containsPattern("ENDS_BY_EPOCH=[1-9][0-9]{9}\n");
    }

    private Tool.Result record(String result) throws IOException {
        Files.writeString(folder.resolve("result/record"), result);
        return run("record");
    }

    private Tool.Result run(String step) {
        ProcessBuilder process = new ProcessBuilder(
                Project.file("src/main/resources/io/github/postgresqlha/script/restore-test.sh")
                        .toString(),
                step);
        process.environment().put("PROOF_DIRECTORY", folder.resolve("proof").toString());
        process.environment().put("RESULT_DIRECTORY", folder.resolve("result").toString());
        return Tool.run(process, folder);
    }

    private String fact(String key) {
        return proof().lines()
                .filter(line -> line.startsWith(key + "="))
                .findFirst()
                .orElseThrow()
                .substring(key.length() + 1);
    }

    private String proof() {
        return Project.read(folder.resolve("proof/restore-test.env"));
    }
}
