package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that a person moved, or put behind a link, are data as well: their WAL stays. */
class MovedDataTest {

    /** make FOLDER NUMBER: data whose WAL is in the folder of that number. */
    private static final String DATA = """
            control_value() { echo 7; }
            control_timeline() { echo 1; }
            make() {
              local wal="${WAL_DIRECTORY}/wal-20260101T000000Z-$2"
              mkdir -p -- "$1" "${wal}" && echo 17 >"$1/PG_VERSION" && : >"${wal}/000000010000000000000001" && ln -s -- "${wal}" "$1/pg_wal"
            }
            """;

    @TempDir
    Path folder;

    private ScriptFunctions functions;

    @BeforeEach
    void create() {
        functions = new ScriptFunctions(folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "make ${home}/other/pgdata 1; ln -s ${home}/other/pgdata ${PGDATA}",
                "make ${home}/data/moved/in/2026/pgdata 1; ln -s ${home}/data/moved/in/2026/pgdata ${PGDATA}",
                "make ${home}/volume/pgdata 1; rmdir ${STATE_DIRECTORY} ${home}/data; ln -s ${home}/volume ${home}/data; mkdir ${STATE_DIRECTORY}",
                "make ${PGDATA} 2; make ${home}/data/kept/in/october/${PGDATA##*/}.abandoned-20260101T000000Z 1",
                "make ${PGDATA} 2; make ${home}/other/pgdata 1; ln -s ${home}/other ${home}/data/kept"
            })
    void their_wal_stays(String situation) {
        String output =
                functions.run(DATA + situation + "; tidy_up && echo done").output();
        assertThat(output).endsWith("done\n");
        assertThat(functions.list("wal")).contains("wal-20260101T000000Z-1");
    }

    /** Where not everything can be seen, anything may be in use; and somebody hears of it. */
    @Test
    void nothing_goes_where_not_everything_can_be_read() {
        String output = functions
                .run(DATA + "make ${PGDATA} 1; make ${home}/gone 2; ln -s loop ${home}/data/loop; now=1000;"
                        + " tidy_up && echo done")
                .output();
        assertThat(output).contains("not everything on").endsWith("done\n");
        assertThat(functions.list("wal")).contains("wal-20260101T000000Z-1", "wal-20260101T000000Z-2");
    }

    /** It may be all that is left of a database, and is not counted among the two that are kept of failovers. */
    @Test
    void wal_whose_data_are_lost_is_a_persons() {
        functions.run("""
                for name in 1-20260101T000000Z-wal-20251231T000000Z-1 1-20260102T000000Z 2-20260103T000000Z 3-20260104T000000Z; do
                  mkdir -- "${WAL_DIRECTORY}/abandoned-${name}"
                done
                drop_older_than_two "${WAL_DIRECTORY}/abandoned-3-20260104T000000Z"
                """);
        assertThat(functions.list("wal"))
                .containsExactly(
                        "abandoned-1-20260101T000000Z-wal-20251231T000000Z-1",
                        "abandoned-2-20260103T000000Z",
                        "abandoned-3-20260104T000000Z");
    }
}
