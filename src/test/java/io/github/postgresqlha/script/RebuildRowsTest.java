package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a member may have alone is counted or kept before a rebuild that a person asked for; what the primary has is not. */
class RebuildRowsTest {

    private static final String REBUILD = """
            for library in instance/settle instance/requests; do source "$1/${library}.sh"; done
            now=0 twin='' twin_doubt='' own_system=7 own_timeline=17 own_lsn=0/5000000 role=cloning
            meet_peer() { peer_state=primary peer_system=7 peer_timeline=${theirs} peer_lsn=0/5000000; }
            start_in_recovery() { printf 'started %s\\n' "$1"; }
            control_timeline() { printf '%s\\n' "${mine}"; }
            control_value() { [[ "$1" != Minimum* ]] || printf '%s\\n' "${end:-0/5000000}"; }
            keep_abandoned_wal() { printf 'counted\\n'; }
            said() { cat "${STATE_DIRECTORY}/keep-data" 2>/dev/null || printf 'not kept\\n'; }
            """;

    @TempDir
    Path home;

    @ParameterizedTest
    @CsvSource({
        "'a standby as the primary', mine=17 theirs=17 was=standby, not kept",
        "'a standby behind a newer timeline', mine=1 theirs=17 was=standby, counted",
        "'a former primary behind a newer timeline', mine=1 theirs=17 was=primary, counted",
        "'a former primary on the timeline of the primary', mine=17 theirs=17 was=primary, was not counted",
        "'a standby beyond the primary', mine=17 theirs=17 was=standby end=0/5000100, goes on here beyond 0/5000000",
        "'a standby that received more than the primary has', mine=17 theirs=17 was=standby own_lsn=0/5000100, goes on here beyond 0/5000000",
        "'a number of two histories, standby', mine=17 theirs=33 was=standby twin=yes, cannot be counted",
        "'a number of two histories, primary', mine=17 theirs=33 was=primary twin=yes, cannot be counted",
        "'a number of which nothing is known', mine=17 theirs=17 was=standby twin_doubt=yes, cannot be counted",
        "'a control file that cannot be read', mine= theirs=17 was=standby, cannot be counted",
    })
    void keeps_or_counts(String what, String facts, String said) {
        Tool.Result result = new ScriptFunctions(home).run(REBUILD + facts + "\nnote_role ${was}; keep_own_rows; said");
        assertThat(result.status()).as(what + ": " + result.output()).isZero();
        assertThat(result.output()).as(what).contains(said);
        if (!said.equals("counted")) {
            assertThat(result.output()).as(what).doesNotContainPattern("(?m)^counted$");
        }
    }

    @Test
    void copies_nothing_over_what_could_be_neither_counted_nor_kept() {
        Tool.Result result = new ScriptFunctions(home).run(REBUILD + """
                mine=1 theirs=17; note_role standby
                keep_abandoned_wal() { return 1; }
                write_durably() { return 1; }
                keep_own_rows || printf 'no rebuild, status %s\\n' "$?"
                """);
        assertThat(result.output()).contains("started undecided", "no rebuild, status 1");
    }

    @Test
    void copies_nothing_where_the_peer_is_not_primary_any_more() {
        Tool.Result result = new ScriptFunctions(home).run(REBUILD + """
                mine=1 theirs=17; meet_peer() { peer_state=unknown peer_system=''; }
                keep_own_rows || printf 'no rebuild, status %s\\n' "$?"; said
                """);
        assertThat(result.output()).contains("started undecided", "no rebuild, status 1", "not kept");
    }
}
