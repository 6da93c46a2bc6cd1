package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.postgresqlha.testing.Tool;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The lock between processes: the system's locks are a process's, and what one of its threads closes, all of them lose. */
@Timeout(60)
class FolderLockTest {

    private static final DistFile MANIFEST = DistFile.text("a.yaml", "a: 1\n");

    @TempDir
    private Path parent;

    private Path dist;
    private Path lock;

    @BeforeEach
    void create() throws IOException {
        dist = Files.createDirectory(parent.resolve("dist"));
        lock = dist.resolve(".pgha-synth.lock");
    }

    /** Holds the lock of a folder until its standard input ends. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            Place place = Place.of(Path.of(arguments[0]));
            FolderLock lock = FolderLock.of(place);
            assertThatThrownBy(() -> FolderLock.of(place)).hasMessageContaining("' is being written by another");
            System.out.println("held");
            System.in.read();
            lock.close();
        }
    }

    @Test
    void keeps_another_process_out() throws IOException, InterruptedException {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        dist.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = holder.inputReader()) {
            assertThat(said.readLine()).isEqualTo("held");
            assertThatThrownBy(this::write)
                    .hasMessage("'" + dist + "' is being written by another pgha synth; wait until that has ended");
            assertThat(dist.resolve("a.yaml")).doesNotExist();
            holder.getOutputStream().close();
            assertThat(holder.waitFor()).isZero();
        } finally {
            holder.destroyForcibly();
        }
        write();
        assertThat(dist.resolve("a.yaml")).exists();
        assertThat(lock).doesNotExist();
    }

    @Test
    void empties_no_file_that_has_another_name() throws IOException {
        Path precious = Files.writeString(parent.resolve("precious"), "mine\n");
        Files.createLink(lock, precious);
        assertThatThrownBy(this::write)
                .isInstanceOf(RefusedFolderException.class)
                .hasMessage("'" + lock
                        + "' is a hard link, and the file would be emptied under its other name; remove this link");
        assertThat(precious).hasContent("mine\n");
    }

    @Test
    void opens_no_link_no_pipe_and_no_folder() throws IOException {
        Files.createSymbolicLink(lock, parent.resolve("elsewhere"));
        refusesTheKind();
        Tool.run(new ProcessBuilder("mkfifo", lock.toString()));
        refusesTheKind();
        Files.createDirectory(lock);
        refusesTheKind();
        assertThat(parent.resolve("elsewhere")).doesNotExist();
    }

    private void refusesTheKind() throws IOException {
        assertThatThrownBy(this::write)
                .isInstanceOf(RefusedFolderException.class)
                .hasMessage("'" + lock + "' is no regular file, and pgha synth locks one of this name; move it away");
        Files.delete(lock);
    }

    @Test
    void takes_what_a_run_that_was_killed_left() throws IOException {
        Files.writeString(lock, "0123456789");
        write();
        assertThat(lock).doesNotExist();
    }

    private void write() throws IOException {
        new DistFolder(dist, DistFolderTest.INSTALLATION).write(List.of(MANIFEST));
    }
}
