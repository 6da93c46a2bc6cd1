package io.github.postgresqlha.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestoreTimeCommandTest {

    private static final String RECORD = """
            RESULT=good
            REASON=
            WHEN=2026-01-04T05:00:01Z
            DUMP=postgresql_backup_20260104_020000.sql.gz
            DUMP_SECONDS=312
            BASE=postgresql_base_20260104_030000
            BASE_UNPACK_SECONDS=100
            BASE_REPLAY_SECONDS=41
            BASE_SECONDS=141
            LAST_COMMIT=2026-01-04 04:59:58.123+00
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void prints_what_was_measured() throws IOException {
        assertThat(run(RECORD)).isZero();
        assertThat(out.toString())
                .contains("restore test of 2026-01-04T05:00:01Z: good\n")
                .contains("dump          312 s  postgresql_backup_20260104_020000.sql.gz\n")
                .contains(
                        "base backup   141 s  postgresql_base_20260104_030000 (unpacked in 100 s, WAL replayed in 41 s,"
                                + " last commit 2026-01-04 04:59:58.123+00)\n");
    }

    @Test
    void tells_programs_in_json() throws IOException {
        assertThat(run(RECORD, "--format", "json")).isZero();
        assertThat(new ObjectMapper()
                        .readTree(out.toString())
                        .path("BASE_SECONDS")
                        .asText())
                .isEqualTo("141");
    }

    @Test
    void fails_where_the_test_failed() throws IOException {
        assertThat(run("RESULT=failed\nWHEN=2026-01-04T05:00:01Z\nREASON=there is no good dump to restore; take one\n"))
                .isEqualTo(1);
        assertThat(out.toString())
                .contains("failed, there is no good dump to restore")
                .contains("dump          -  -\n");
    }

    @Test
    void refuses_what_is_no_record() throws IOException {
        assertThat(run("name: postgresql\n")).isEqualTo(1);
        assertThat(err.toString()).contains("is no record of a restore test: it has no RESULT");
        assertThat(Pgha.run(
                        InputStream.nullInputStream(),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        "restore-time",
                        "/nowhere"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("there is no readable file '/nowhere'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RESULT=good\\nREA                                            | it has no WHEN
            RESULT=good\\nREASON=\\nWHEN=2026-01-04T05:00:01Z\\n           | it has no DUMP_SECONDS and no BASE_SECONDS
            RESULT=good\\nWHEN=2026-01-04T05:00:01Z\\nDUMP_SECONDS=\\n     | it has no DUMP_SECONDS and no BASE_SECONDS
            RESULT=good\\nWHEN=2026-01-04T05:00:01Z\\nDUMP_SECONDS=3      | it ends within a line
            WHEN=2026-01-04T05:00:01Z\\nDUMP_SECONDS=3\\n                 | it has no RESULT
            """)
    void refuses_a_part_of_a_record(String record, String why) throws IOException {
        assertThat(run(record.replace("\\n", "\n"))).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("is no record of a restore test: " + why + "; take all of");
    }

    @Test
    @Timeout(60)
    void reads_no_more_than_a_record_may_have() {
        CommandLineRun run = CommandLineRun.of("restore-time", "/dev/zero");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("it has more than 65536 bytes");
    }

    @Test
    void tells_a_terminal_nothing() throws IOException {
        String hostile = RECORD.replace("REASON=", "REASON=\u001b[2J\u202e").replace("DUMP=", "DUMP=\u009b2J");
        assertThat(run(hostile)).isZero();
        assertThat(run(hostile, "--format", "json")).isZero();
        assertThat(out.toString())
                .contains(": good, \\u001b[2J\\u202e", "\\u009b2Jpostgresql_backup")
                .doesNotContain("\u001b", "\u009b", "\u202e");
    }

    private int run(String record, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("restore-test.env"), record);
        String[] arguments = new String[options.length + 2];
        arguments[0] = "restore-time";
        arguments[1] = file.toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        return Pgha.run(
                InputStream.nullInputStream(), new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
