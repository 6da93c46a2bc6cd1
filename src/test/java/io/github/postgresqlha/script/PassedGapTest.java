package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the archive lacks stays marked while the server's history has it, and no longer. */
class PassedGapTest {

    private static final int MIB = 1 << 20;

    @TempDir
    private Path home;

    @BeforeEach
    void make() throws IOException {
        Files.createDirectories(home.resolve("wal"));
    }

    /** Histories as "TIMELINE BEGIN END", in MiB. The gap is from 48 to 96, on timeline 1 where it begins. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 0 | 1 0 | stays",
                "1 0 | 1 0 128, 17 128 | stays",
                "1 0 | 1 0 64, 17 64 | stays",
                "1 0 | 1 0 48, 17 48 | goes",
                "1 0 | 1 0 32, 17 32 | goes",
                "1 0 | 1 0 32, 17 32 40, 33 40 | goes",
                "1 0 64, 17 64 | 1 0 64, 17 64 | stays",
                "1 0 64, 17 64 | 1 0 56, 33 56 | stays",
                "1 0 64, 17 64 | 1 0 40, 33 40 | goes"
            })
    void goes_with_the_branch_that_has_it(String marked, String now, String outcome) {
        mark(marked, "48", "96");
        assertThat(home.resolve("wal/chain-broken"))
                .content()
                .containsPattern("MISSING_FROM=0/3000000\nMISSING_TO=0/6000000\nTIMELINE=1\nSINCE=20");
        Tool.Result result = at(now, "forget_passed_gap");
        assertThat(result.status()).as(result.output()).isZero();
        if (outcome.equals("stays")) {
            assertThat(result.output()).isEmpty();
            assertThat(home.resolve("wal/chain-broken")).isNotEmptyFile();
        } else {
            assertThat(result.output()).contains("from 0/3000000 to 0/6000000 of timeline 1, which the server left");
            assertThat(home.resolve("wal/chain-broken")).doesNotExist();
        }
    }

    @Test
    void a_second_gap_makes_the_first_one_longer() {
        mark("1 0", "48", "64");
        mark("1 0 80, 17 80", "96", "112");
        assertThat(home.resolve("wal/chain-broken"))
                .content()
                .contains("MISSING_FROM=0/3000000\nMISSING_TO=0/7000000\nTIMELINE=1\n");
    }

    /** Of an earlier version, or damaged. */
    @ParameterizedTest
    @CsvSource({
        "MISSING_FROM=0/3000000 MISSING_TO=0/6000000 SINCE=2026-01-01T00:00:00Z",
        "MISSING_FROM=0/3000000 TIMELINE=0",
        "MISSING_FROM=somewhere TIMELINE=1",
        "nothing"
    })
    void a_mark_that_does_not_say_where_it_begins_stays(String mark) throws IOException {
        Path file = Files.writeString(home.resolve("wal/chain-broken"), mark.replace(' ', '\n') + "\n");
        assertThat(at("1 0 32, 17 32", "forget_passed_gap")).isEqualTo(new Tool.Result(0, ""));
        assertThat(file).exists();
        mark("1 0 32, 17 32", "128", "144");
        assertThat(at("1 0 16, 33 16", "forget_passed_gap").status()).isZero();
        assertThat(Files.exists(file)).isEqualTo(mark.startsWith("MISSING_FROM=0/3000000"));
    }

    private void mark(String timelines, String from, String to) {
        Tool.Result result =
                at(timelines, "mark_broken $((" + from + " * " + MIB + ")) $((" + to + " * " + MIB + ")) test");
        assertThat(result.output()).contains("WAL IS MISSING");
    }

    private Tool.Result at(String timelines, String command) {
        ProcessBuilder bash = new ProcessBuilder("bash", "-Eeuo", "pipefail", "-c", """
                for library in lib/log.sh lib/facts.sh lib/lsn.sh lib/durable.sh backup/repository.sh wal/timeline.sh wal/gap.sh; do source "$library"; done
                archive=$BACKUP_DIRECTORY/wal history=''
                while read -r timeline begin end; do
                  [[ -z "$end" ]] || end=$((end * 1048576))
                  history+="$timeline $((begin * 1048576)) ${end:-$open_end}"$'\\n'
                done < <(tr ',' '\\n' <<<"$1")
                history=${history%$'\\n'}
                """ + command, "bash", timelines);
        bash.environment().put("BACKUP_DIRECTORY", home.toString());
        return Tool.run(bash, Project.file("src/main/resources/io/github/postgresqlha/script"));
    }
}
