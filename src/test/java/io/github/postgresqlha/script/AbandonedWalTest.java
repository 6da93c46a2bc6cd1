package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only a former primary has is kept before anything is written over, whatever can or cannot be said of it. */
class AbandonedWalTest {

    /** Timeline 10, three segments, of which the primary has all up to the second. */
    private static final String WAL = """
            mkdir -p -- "${PGDATA}/pg_wal" && printf '17\\n' >"${PGDATA}/PG_VERSION"
            for segment in 2 3 4; do printf 'segment %s' "${segment}" >"${PGDATA}/pg_wal/0000000A000000000000000${segment}"; done
            control_timeline() { printf '10\\n'; }
            control_value() { printf '16777216\\n'; }
            fork_point() { printf '0/3000028\\n'; }
            commits() { printf 'WAL statistics between 0/3000028 and 0/3000088:\\nType N (%%)\\nTransaction/ABORT 3 (30.00)\\nTransaction/COMMIT %s (70.00)\\nTotal 10\\n' "$1"; }
            end_of_wal() { printf 'pg_waldump: error: error in WAL record at 0/3000060: invalid record length at 0/3000088\n' >&2; return 1; }
            pg_waldump() { commits 7; end_of_wal; }
            """;

    @TempDir
    Path folder;

    private ScriptFunctions functions;

    @BeforeEach
    void create() {
        functions = new ScriptFunctions(folder);
    }

    @Test
    void counts_and_keeps_what_the_primary_never_had() {
        Tool.Result result = functions.run(WAL + "keep_abandoned_wal; keep_abandoned_wal");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .contains(
                        "ABANDONED: timeline 10 from 0/3000028 to 0/3000088: 7 committed transactions that postgresql-standby never had");
        assertThat(functions.list("wal")).hasSize(1);
        assertThat(functions.list("wal/" + functions.list("wal").get(0)))
                .containsExactly("0000000A0000000000000003", "0000000A0000000000000004", "README");
        assertThat(functions.list("data/state")).isEmpty();
    }

    @Test
    void keeps_nothing_where_there_is_nothing() {
        Tool.Result result = functions.run(WAL + "pg_waldump() { end_of_wal; }; keep_abandoned_wal");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(functions.list("wal")).isEmpty();
    }

    /** By their names 10 comes before 8 and 9. */
    @Test
    void removes_the_oldest_and_never_the_newest() {
        Tool.Result result = functions.run(WAL + """
                for kept in 8-20260101T000000Z 9-20260201T000000Z; do mkdir -- "${WAL_DIRECTORY}/abandoned-${kept}"; done
                keep_abandoned_wal
                """);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(functions.list("wal"))
                .hasSize(2)
                .anyMatch(name -> name.startsWith("abandoned-10-"))
                .contains("abandoned-9-20260201T000000Z");
    }

    @Test
    void never_removes_what_was_just_kept_although_the_clock_was_set_back() {
        functions.run(WAL + """
                for kept in 8-20990101T000000Z 9-20990201T000000Z; do mkdir -- "${WAL_DIRECTORY}/abandoned-${kept}"; done
                keep_abandoned_wal
                """);
        assertThat(functions.list("wal"))
                .hasSize(2)
                .anyMatch(name -> name.startsWith("abandoned-10-"))
                .contains("abandoned-9-20990201T000000Z");
    }

    @Test
    void keeps_all_of_it_where_the_primary_does_not_say_where_it_left() {
        Tool.Result result = functions.run(WAL + "fork_point() { return 1; }; keep_abandoned_wal");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("could not be counted: the primary does not say where its history left this timeline");
        assertThat(functions.list("wal/" + functions.list("wal").get(0))).hasSize(4);
    }

    /** A number that was taken twice: what was written between the two beginnings is before the place where the primary left its own. */
    @ParameterizedTest
    @CsvSource({"0/2800000, 3", "0/2000028, 4"})
    void counts_from_where_the_primary_left_only_what_is_the_same_timeline(String begin, int kept) {
        Tool.Result result = functions.run(WAL + """
                source "$1/instance/abandoned.sh"
                peer_connection() { :; }
                timeout() { "${@:2}"; }
                pg_waldump() { commits 7; printf 'pg_waldump: error: could not find a valid record after 0/3000060\\n' >&2; return 1; }
                psql() { printf '0000000B.history 1\\t0/2800000\\tno recovery target specified\\n10\\t0/3000028\\tno recovery target specified\\n'; }
                printf '1\\t%s\\tno recovery target specified\\n' "$3" >"${PGDATA}/pg_wal/0000000A.history"
                keep_abandoned_wal
                """.replace("$3", begin));
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(functions.list("wal/" + functions.list("wal").get(0))).hasSize(kept);
        assertThat(functions.list("data/state")).isEqualTo(kept == 3 ? List.of() : List.of("keep-data"));
    }

    @Test
    void keeps_all_that_is_left_where_the_first_segment_is_gone() {
        Tool.Result result =
                functions.run(WAL + "rm -- \"${PGDATA}/pg_wal/0000000A0000000000000003\"; keep_abandoned_wal");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("of the segments after 0/3000028 only 1 are there");
        assertThat(functions.list("wal/" + functions.list("wal").get(0)))
                .containsExactly("0000000A0000000000000004", "README");
    }

    /** It was shut down beyond the place where the primary left it. */
    @Test
    void keeps_the_data_where_all_of_that_wal_is_gone() {
        Tool.Result result = functions.run(WAL + """
                rm -- "${PGDATA}"/pg_wal/0000000A000000000000000[34]
                control_value() { case $1 in Latest*) printf '0/4000028\\n' ;; *) printf '16777216\\n' ;; esac; }
                keep_abandoned_wal
                """);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("nothing is there, and it went on up to 0/4000028");
        assertThat(functions.list("data/state")).containsExactly("keep-data");
    }

    /** It does so by itself when the first file that it finds was made but not written yet. */
    @Test
    void keeps_all_of_it_where_pg_waldump_cannot_read() {
        Tool.Result result = functions.run(WAL + """
                pg_waldump() { printf 'pg_waldump: error: invalid WAL segment size in WAL file\\n' >&2; return 1; }
                keep_abandoned_wal
                """);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("could not be counted: pg_waldump cannot read it");
        assertThat(functions.list("wal/" + functions.list("wal").get(0))).contains("0000000A0000000000000004");
        assertThat(functions.list("data/state")).containsExactly("keep-data");
    }

    @Test
    void counts_what_was_prepared_and_not_committed_yet() {
        Tool.Result result = functions.run(WAL + """
                pg_waldump() { commits 2 | sed 's/COMMIT/PREPARE/'; end_of_wal; }
                keep_abandoned_wal
                """);
        assertThat(result.output()).contains("2 committed transactions that postgresql-standby never had");
    }

    @Test
    void keeps_all_of_it_where_segments_are_of_another_size() {
        Tool.Result result = functions.run(WAL + "control_value() { printf '67108864\\n'; }; keep_abandoned_wal");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("could not be counted: its WAL segments are of 67108864 bytes");
        assertThat(functions.list("wal/" + functions.list("wal").get(0))).hasSize(4);
        assertThat(functions.list("data/state")).containsExactly("keep-data");
    }

    /** The name of a prepared transaction is the application's, and may hold line breaks. */
    @Test
    void counts_no_line_that_the_application_wrote() {
        Tool.Result result = functions.run(WAL + """
                pg_waldump() {
                  [[ " $* " == *' --stats=record '* ]] || printf 'rmgr: Transaction len (rec/tot): 34/ 34, tx: 1, lsn: 7/60, prev 7/28, desc: COMMIT 2026-11-24 UTC\\n%.0s' {1..900}
                  commits 7
                  end_of_wal
                }
                keep_abandoned_wal
                """);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("from 0/3000028 to 0/3000088: 7 committed transactions");
    }

    /** As the limit of memory kills it. The third attempt keeps without counting. */
    @Test
    void gives_counting_up_when_it_was_killed_twice() {
        String killed = WAL + "pg_waldump() { kill -KILL $$; sleep 1; }; keep_abandoned_wal";
        assertThat(functions.run(killed).status()).isEqualTo(137);
        assertThat(functions.run(killed).status()).isEqualTo(137);
        Tool.Result third = functions.run(killed);
        assertThat(third.status()).as(third.output()).isZero();
        assertThat(third.output()).contains("could not be counted: counting ended before its end 2 times");
        assertThat(functions.list("wal/" + functions.list("wal").get(0))).contains("0000000A0000000000000004");
        assertThat(functions.list("data/state")).containsExactly("keep-data");
    }

    /** The WAL alone does not show what the rows were: pg_waldump names files, the old data directory names tables. */
    @Test
    void a_copy_keeps_the_data_whose_rows_could_not_be_counted() {
        Tool.Result result = functions.run(WAL + "fork_point() { return 1; }; keep_abandoned_wal && set_data_aside");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("the data that were here are kept in ");
        assertThat(functions.list("data")).anyMatch(name -> name.startsWith("pgdata.abandoned-"));
    }

    @Test
    void a_copy_keeps_no_data_whose_rows_were_counted() {
        Tool.Result result = functions.run(WAL + "keep_abandoned_wal && set_data_aside");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(functions.list("data")).noneMatch(name -> name.startsWith("pgdata.abandoned-"));
    }

    @Test
    void says_when_it_cannot_be_kept_and_then_keeps_the_data_themselves() {
        Tool.Result result = functions.run(WAL + """
                for kept in 8-20260101T000000Z 9-20260201T000000Z; do mkdir -- "${WAL_DIRECTORY}/abandoned-${kept}"; done
                cp() { printf 'cp: No space left on device\\n' >&2 && return 1; }
                keep_abandoned_wal && exit 3
                set_data_aside
                """);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("No space left on device", "COULD NOT BE KEPT")
                .contains("the data that were here are kept in ");
        assertThat(functions.list("wal"))
                .containsExactly("abandoned-8-20260101T000000Z", "abandoned-9-20260201T000000Z");
        assertThat(functions.list("data")).hasSize(2).anyMatch(name -> name.startsWith("pgdata.abandoned-"));
    }

    /** It is no attempt's and no data name it: the data volume was lost, and this is the last that there is. */
    @Test
    void keeps_wal_whose_data_are_gone() throws Exception {
        String lost = """
                for folder in wal-20260101T000000Z-1 wal-20260101T000000Z-2; do
                  mkdir -- "${WAL_DIRECTORY}/${folder}" && printf x >"${WAL_DIRECTORY}/${folder}/000000040000000000000007"
                done
                mkdir -p -- "${PGDATA}.cloning" && ln -s -- "${WAL_DIRECTORY}/wal-20260101T000000Z-2" "${PGDATA}.cloning/pg_wal"
                drop_leftovers
                """;
        Tool.Result result = functions.run(lost);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("ABANDONED: there are no data in", "up to 000000040000000000000007");
        assertThat(functions.list("data")).containsExactly("state");
        assertThat(functions.list("wal"))
                .hasSize(1)
                .allMatch(name -> name.matches("abandoned-4-[0-9]{8}T[0-9]{6}Z-wal-20260101T000000Z-1"));
        Path kept = folder.resolve("wal").resolve(functions.list("wal").get(0));
        assertThat(Project.read(kept.resolve("README"))).contains("data directory is gone");
        assertThat(Files.exists(kept.resolve("000000040000000000000007"))).isTrue();
    }
}
