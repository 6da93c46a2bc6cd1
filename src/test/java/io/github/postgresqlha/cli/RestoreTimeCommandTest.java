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
import org.junit.jupiter.api.io.TempDir;

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
        assertThat(run("RESULT=failed\nREASON=there is no good dump to restore; take one\n"))
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
