package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which order of commits and aborts in the log keeps a recovery to 10:00:02.5 from beginning; the log is a segment of the test's. */
class LeftOutTest {

    private static final String PROGRAM = """
            for library in lib/log lib/facts lib/lsn backup/repository wal/timeline wal/files restore/lineage restore/target restore/left-out; do source "$0/${library}.sh"; done
            log=$1 target_kind=time target='2026-01-01 10:00:02.500000' base=b timeline=1 wanted_timeline=1 timeline_key=--timeline lsn_key=--target-lsn
            segment_bytes=16777216 chain=(000000010000000000000001) chain_length=1
            base_fact() { printf '0/1000000'; }
            ends() {
              local from=${2#--start=0/} place=16777216 kind time
              tr ' ' '\\n' <<<"${log}" | while IFS=@ read -r kind time; do
                place=$((place + 256))
                ((place >= 16#${from:-0})) || continue
                time="2026-01-01 10:00:${time}00000"
                printf '%s rmgr: Transaction len (rec/tot):     34/    34, tx:        740, lsn: 0/%08X, prev 0/%08X, desc: %s %s UTC\\n' "${time}" "${place}" "$((place - 256))" "${kind}" "${time}"
              done
            }
            first_genuine() { sed -n 1p; }
            holds_target "${chain[0]}" && require_nothing_left_out
            """;

    @ParameterizedTest
    @CsvSource({
        "in order, COMMIT@01.0 COMMIT@02.5 COMMIT@02.6 COMMIT@04.0, ''",
        "side by side, COMMIT@01.0 COMMIT@03.2 COMMIT@02.3 COMMIT@04.0, ''",
        "of a clock that was ahead, COMMIT@01.0 COMMIT@59.0 COMMIT@02.0 COMMIT@02.4 COMMIT@04.0, 0/01000400 0/01000100",
        "an abort that was ahead ends a recovery too, COMMIT@01.0 ABORT@59.0 COMMIT@02.0 COMMIT@04.0, 0/01000300 0/01000100",
        "nothing that counts is left out, COMMIT@01.0 COMMIT@59.0 ABORT@02.0 COMMIT@04.0, ''",
        "a prepared one, COMMIT@01.0 COMMIT@59.0 COMMIT_PREPARED:@02.0 COMMIT@04.0, 0/01000300 0/01000100",
        "the last one is side by side, COMMIT@03.8 COMMIT@02.0 COMMIT@02.5 COMMIT@04.0, 0/01000300 0/01000000",
    })
    void what_is_behind_the_stop(String order, String log, String places) {
        Tool.Result result = Tool.run(new ProcessBuilder(
                "bash",
                "-Eeuo",
                "pipefail",
                "-c",
                PROGRAM,
                Project.file("src/main/resources/io/github/postgresqlha/script").toString(),
                log));
        assertThat(result.status()).as(order + result.output()).isEqualTo(places.isEmpty() ? 0 : 1);
        if (!places.isEmpty()) {
            String[] offered = places.split(" ", -1);
            assertThat(result.output())
                    .contains("--target-lsn " + offered[0] + ";", "--target-lsn " + offered[1] + ";");
        }
    }
}
