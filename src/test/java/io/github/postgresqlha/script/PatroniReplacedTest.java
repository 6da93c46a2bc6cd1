package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that made room for others under Patroni, and what is noted of them. */
class PatroniReplacedTest {

    private static final String DATA = """
            source "$1/patroni/data.sh"
            control_value() { echo 7; }
            control_timeline() { echo 1; }
            make() { mkdir -p -- "$1/pg_wal"; echo 17 >"$1/PG_VERSION"; echo "$2" >"$1/row"; }
            old=${PGDATA}.abandoned-20260101T000000Z verified=yes
            """;

    @TempDir
    Path folder;

    private ScriptFunctions functions;

    @BeforeEach
    void create() {
        functions = new ScriptFunctions(folder);
    }

    /** A start that believed the note much later would give them their name back. */
    @Test
    void the_note_goes_when_their_replacement_is_in_use_also_where_they_are_kept() {
        functions.run(DATA + "make ${PGDATA} new; make ${old} january; echo ${old##*/} >${STATE_DIRECTORY}/replaced;"
                + " drop_what_patroni_replaced; wait");
        assertThat(functions.list("data")).contains("pgdata.abandoned-20260101T000000Z");
        assertThat(functions.list("data/state")).doesNotContain("replaced");
    }

    /** The two renames of a recovery are settled by what it noted itself. */
    @Test
    void an_old_note_is_not_believed_while_a_recovery_is_swapped_in() {
        functions.run(DATA + "make ${old} january; echo ${old##*/} >${STATE_DIRECTORY}/replaced;"
                + " echo 20261127T120000Z >${STATE_DIRECTORY}/restored; settle_install");
        assertThat(functions.list("data")).doesNotContain("pgdata");
    }

    /** As in the supervisor's loop, where a step that fails is tried again. */
    @Test
    void half_a_database_that_cannot_be_set_aside_keeps_its_mark() {
        Tool.Result result = functions.run(DATA + """
                make ${PGDATA} half; echo 999999 >${STATE_DIRECTORY}/rejoin
                mv() { echo "mv: No space left on device" >&2; return 1; }
                set_incomplete_data_aside || true
                echo "Patroni starts on half a database"
                """);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("cannot be set aside").doesNotContain("Patroni starts");
        assertThat(functions.list("data/state")).contains("rejoin");
    }
}
