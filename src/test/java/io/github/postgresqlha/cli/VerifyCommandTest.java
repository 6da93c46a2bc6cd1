package io.github.postgresqlha.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.postgresqlha.dist.Generator;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever could write the folder cannot make {@code pgha verify} say that it is as it was. */
class VerifyCommandTest {

    @TempDir
    private Path top;

    private Path folder;

    @BeforeEach
    void write() {
        folder = top.resolve("dist");
        assertThat(CommandLineRun.reading("{}\n", "synth", "-c", "-", "-o", folder.toString())
                        .status())
                .isZero();
    }

    @Test
    void knows_its_own_folder_again() {
        CommandLineRun same = verify("{}\n");
        assertThat(same.status()).as(same.err()).isZero();
        assertThat(same.out()).isEqualTo(folder + " is what standard input gives\n");
        assertThat(same.err()).isEmpty();
    }

    @Test
    void names_what_another_specification_would_change() {
        CommandLineRun other = verify("backup: {retentionDays: 10}\n");
        assertThat(other.status()).isEqualTo(1);
        assertThat(other.out())
                .startsWith("changed  ")
                .contains("changed  postgresql-backup.yaml\n")
                .contains(" is not what standard input gives to pgha " + Generator.version() + ": ");
    }

    @Test
    void names_everything_that_somebody_changed() throws IOException {
        Files.writeString(folder.resolve("postgresql-rbac.yaml"), "# one line more\n", StandardOpenOption.APPEND);
        Files.delete(folder.resolve("postgresql-network.yaml"));
        Set<PosixFilePermission> readable = PosixFilePermissions.fromString("rw-r--r--");
        Files.setPosixFilePermissions(folder.resolve("failover.sh"), readable);
        Path linked = folder.resolve("postgresql-primary.yaml");
        Files.move(linked, top.resolve("elsewhere"));
        Files.createSymbolicLink(linked, top.resolve("elsewhere"));
        Files.writeString(folder.resolve("scripts/more.sh"), "");
        // Its own list is not believed, and is a file as the others.
        Files.writeString(folder.resolve(".generated-files"), "scripts/more.sh\n", StandardOpenOption.APPEND);

        CommandLineRun found = verify("{}\n");
        assertThat(found.status()).isEqualTo(1);
        assertThat(found.out().lines())
                .containsExactly(
                        "missing  postgresql-network.yaml",
                        "changed  .generated-files",
                        "changed  failover.sh",
                        "changed  postgresql-primary.yaml",
                        "changed  postgresql-rbac.yaml",
                        folder + " is not what standard input gives to pgha " + Generator.version()
                                + ": 5 files differ; run pgha synth and read the diff, or go back to what was reviewed");
        assertThat(found.err()).isEqualTo("warning: no file of pgha: scripts/more.sh\n");
    }

    @Test
    void forges_no_line_by_the_name_of_a_file() throws IOException {
        Files.writeString(folder.resolve("a\n::error::fake\u001b[2J"), "");
        assertThat(verify("{}\n").err()).isEqualTo("warning: no file of pgha: a\\u000a::error::fake\\u001b[2J\n");
    }

    /** Root, as whom these tests may run, reads every file: there the message alone can be looked at. */
    @Test
    void says_of_a_file_that_it_cannot_read_what_is_wrong() throws IOException {
        Path closed = folder.resolve("postgresql.env");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        String message = "'" + closed + "' cannot be read or written by you; change its permissions, or its owner";
        assertThat(Pgha.reason(new AccessDeniedException(closed.toString()))).isEqualTo(message);
        CommandLineRun run = verify("{}\n");
        if (Files.isReadable(closed)) {
            assertThat(run.status()).as(run.err()).isZero();
        } else {
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err()).isEqualTo(message + "\n");
        }
    }

    @Test
    void answers_programs() throws IOException {
        Files.writeString(folder.resolve("notes.md"), "ours\n");
        CommandLineRun same =
                CommandLineRun.reading("{}\n", "verify", "-c", "-", folder.toString(), "--format", "json");
        assertThat(same.status()).isZero();
        JsonNode answer = new ObjectMapper().readTree(same.out());
        assertThat(answer.path("same").asBoolean()).isTrue();
        assertThat(answer.path("foreign").path(0).asText()).isEqualTo("notes.md");
        CommandLineRun bad = CommandLineRun.reading("nam: x\n", "verify", "-c", "-", "--format", "json");
        assertThat(bad.status()).isEqualTo(2);
        assertThat(new ObjectMapper().readTree(bad.out()).path("valid").asBoolean(true))
                .isFalse();
    }

    @Test
    void reads_a_folder_that_it_could_not_write_and_no_other() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        assertThat(verify("{}\n").status()).isZero();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String none : Set.of("nowhere", "dist/postgresql.env")) {
            CommandLineRun refused = CommandLineRun.reading(
                    "{}\n", "verify", "-c", "-", top.resolve(none).toString());
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err())
                    .isEqualTo("'" + top.resolve(none) + "' is no folder; name one that pgha synth wrote\n");
        }
    }

    private CommandLineRun verify(String specification) {
        return CommandLineRun.reading(specification, "verify", "-c", "-", folder.toString());
    }
}
