package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a dump has its end, in a process that may have less memory than the rows before it are long. */
class DumpEndTest {

    private static final String DUMP = """
            source "${script_dir}/backup/dump.sh"
            rows() { for row in {1..14}; do head -c 20000000 /dev/zero | tr '\\0' x; echo; done; }
            end() { printf '\\\\.\\n\\n\\n--\\n-- PostgreSQL database dump complete\\n--\\n\\n\\\\unrestrict %060d\\n\\n' 1; }
            looks() { (ulimit -v 120000; is_whole_dump "${home}/dump.gz") && status=0 || status=$?; echo "status ${status}"; }
            """;

    @TempDir
    Path folder;

    private ScriptFunctions functions;

    @BeforeEach
    void create() {
        functions = new ScriptFunctions(folder);
    }

    @Test
    void is_found_behind_long_rows() {
        Tool.Result result = functions.run(DUMP + "{ rows; end; } | gzip -1 >\"${home}/dump.gz\"; looks");
        assertThat(result.output()).endsWith("status 0\n");
    }

    @Test
    void is_missed_where_a_dump_was_cut_off() {
        Tool.Result result = functions.run(DUMP + "rows | gzip -1 >\"${home}/dump.gz\"; looks");
        assertThat(result.output()).endsWith("status 1\n");
    }
}
