package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is looked at while a recovery runs, and before it is believed. */
class RecoveryChecksTest {

    private static final String LIBRARIES = """
            for library in lib/install backup/repository wal/files restore/unpack restore/recover; do source "$1/${library}.sh"; done
            target_kind=time recovery_log=${home}/restore.log
            """;

    @TempDir
    Path folder;

    @Test
    void a_volume_keeps_what_the_database_that_serves_needs() {
        assertThat(said("available() { echo 67108863; }; has_reserve || echo ended"))
                .contains("only 67108863 bytes are left in", "the recovery is ended")
                .endsWith("ended");
        assertThat(said("available() { echo 67108864; }; has_reserve && echo goes on"))
                .isEqualTo("goes on");
    }

    /** PostgreSQL's own words, and the record at which the log was read to its end. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            recovery stopping before commit of transaction 750, time 2026-01-31 23:59:00+00          | COMMIT 2026-01-31          | same
            recovery stopping before commit of prepared transaction 801, time 2026-01-31 23:59:00+00 | COMMIT_PREPARED 801: 2026  | same
            recovery stopping before abort of transaction 750, time 2026-01-31 23:59:00+00           | ABORT 2026-01-31           | same
            recovery stopping before commit of transaction 749, time 2026-01-31 23:59:00+00          | COMMIT 2026-01-31          | differs
            last completed transaction was at log time 2026-01-31 23:59:00+00                        | COMMIT 2026-01-31          | differs
            """)
    void a_stop_that_was_not_the_one_in_the_log_is_not_believed(String words, String record, String verdict) {
        String line =
                "rmgr: Transaction len (rec/tot):     34/    34, tx:        750, lsn: 0/03000028, prev 0/02FFFFF0, desc: "
                        + record;
        assertThat(said("printf '%s\\n' 'LOG:  " + words + "' >\"${recovery_log}\"; stop='" + line
                        + "'; if require_found_stop; then echo same; else echo differs; fi"))
                .endsWith(verdict);
    }

    private String said(String program) {
        return new ScriptFunctions(folder).run(LIBRARIES + program).output().strip();
    }
}
