package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders into which nothing is written, and what is said of them. */
class RefusedFolderTest {

    private static final DistFile MANIFEST = DistFile.text("a.yaml", "a: 1\n");
    private static final DistFile DATA =
            DistFile.text("postgresql.env", "# Generated\nNAME=postgresql\nNAMESPACE=airflow\n");
    private static final DistFile LIBRARY = DistFile.text("lib/x.sh", "x\n");

    @TempDir
    private Path parent;

    private Path dist;

    @BeforeEach
    void name() {
        dist = parent.resolve("dist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "/", "../..", "src/.."})
    void refuses_the_working_folder_and_those_above_it(String given) {
        assertThatThrownBy(() -> new DistFolder(Path.of(given), DistFolderTest.INSTALLATION).check())
                .isInstanceOf(RefusedFolderException.class)
                .hasMessageStartingWith("'" + given + "' ")
                .hasMessageContaining("; name a folder of its own with --out, as dist");
    }

    @Test
    void refuses_the_home_folder_and_the_working_folder_through_a_link() throws IOException {
        Files.createDirectories(parent.resolve("real/home"));
        Files.createSymbolicLink(parent.resolve("way"), parent.resolve("real"));
        Path given = parent.resolve("way/home");
        Place home = new Place(given, given, parent.resolve("elsewhere"), List.of(parent.resolve("real/home")));
        assertThatThrownBy(() -> check(home))
                .hasMessage("'" + given + "' is or holds the home folder; name a folder of its own with --out");
        Place working = new Place(given, given, parent.resolve("real/home"), List.of());
        assertThatThrownBy(() -> check(working)).hasMessageContaining("' is the working folder; ");
    }

    @Test
    void says_everything_at_once() throws IOException {
        Files.createDirectories(dist.resolve(".git"));
        Files.writeString(dist.resolve(".generated-files"), "../a\n/etc/passwd\n");
        Place place = new Place(dist, dist, dist, List.of());
        assertThatThrownBy(() -> check(place))
                .hasMessage("'" + dist + "' is the working folder; name a folder of its own with --out, as dist\n"
                        + "'" + dist + "' is the top of a Git repository; name a folder in it with --out\n"
                        + badLine("../a") + "\n" + badLine("/etc/passwd"));
    }

    @Test
    void refuses_a_worktree_of_git() throws IOException {
        Files.createDirectories(dist);
        Files.writeString(dist.resolve(".git"), "gitdir: elsewhere\n");
        assertThatThrownBy(() -> write(MANIFEST)).hasMessageContaining("is the top of a Git repository");
    }

    @ParameterizedTest
    @ValueSource(strings = {"repository/.git", "repository/.git/hooks", "bare.git", "bare.git/hooks/new"})
    void refuses_the_inside_of_a_repository(String given) throws IOException {
        Files.createDirectories(parent.resolve("repository/.git/hooks"));
        for (String folder : List.of("objects", "refs", "hooks")) {
            Files.createDirectories(parent.resolve("bare.git").resolve(folder));
        }
        Files.writeString(parent.resolve("bare.git/HEAD"), "ref: refs/heads/main\n");
        dist = parent.resolve(given);
        assertThatThrownBy(() -> write(MANIFEST))
                .hasMessageContaining("' is or is in the inside of a Git repository; ");
    }

    /** Whichever comes second looks at a folder that the first one is about to change. */
    @Test
    void refuses_a_folder_that_another_one_writes() throws IOException {
        Files.createDirectories(dist);
        Place place = Place.of(dist);
        FolderLock first = FolderLock.of(place);
        assertThatThrownBy(() -> write(MANIFEST)).hasMessageContaining("' is being written by another pgha synth; ");
        assertThat(dist.resolve("a.yaml")).doesNotExist();
        first.close();
        write(MANIFEST);
        assertThat(dist).isDirectoryNotContaining("glob:**/.pgha-synth*");
        assertThat(dist.resolve("a.yaml")).exists();
    }

    @Test
    void refuses_a_link_as_the_folder_and_leaves_it() throws IOException {
        Path real = Files.createDirectory(parent.resolve("real"));
        Files.createSymbolicLink(dist, real);
        assertThatThrownBy(() -> write(MANIFEST))
                .hasMessage("'" + dist + "' is a symbolic link; name the folder itself with --out");
        assertThat(dist).isSymbolicLink();
        assertThat(real).isEmptyDirectory();
    }

    @Test
    void refuses_a_file_on_the_way() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "x");
        dist = file.resolve("below/dist");
        assertThatThrownBy(() -> write(MANIFEST))
                .hasMessage("'" + file + "' is no folder, on the way to '" + dist + "'; name another one with --out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lib", "a.yaml", "lib/x.sh", ".generated-files"})
    void never_writes_through_a_link(String path) throws IOException {
        write(MANIFEST, DATA, LIBRARY);
        Path elsewhere = parent.resolve("elsewhere");
        Files.move(dist.resolve(path), elsewhere);
        Files.createSymbolicLink(dist.resolve(path), elsewhere);
        String refusal =
                "'" + dist.resolve(path) + "' is a symbolic link, and nothing is written through one; remove the link";
        assertThatThrownBy(() -> write(DistFile.text("a.yaml", "a: 2\n"), DATA, DistFile.text("lib/x.sh", "y\n")))
                .hasMessageContaining(refusal);
        assertThatThrownBy(() -> write(DATA)).hasMessageContaining(refusal);
        assertThat(Project.filesBelow(elsewhere)).hasSize(path.equals("lib") ? 1 : 0);
        assertThat(dist.resolve("postgresql.env")).exists();
    }

    @Test
    void refuses_folders_and_files_in_the_way() throws IOException {
        Files.createDirectories(dist.resolve("a.yaml"));
        Files.writeString(dist.resolve("lib"), "x");
        assertThatThrownBy(() -> write(MANIFEST, LIBRARY))
                .hasMessage("'" + dist.resolve("a.yaml")
                        + "' is no file, and a file is generated there; move it away\n'" + dist.resolve("lib")
                        + "' is a file where a folder is generated; move it away");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../victim",
                "lib/../../victim",
                "./victim",
                ".git/config",
                "a//b",
                "-rf",
                "a b",
                "a\\b",
                "a\tb",
                "",
                "# Incomplete",
                "lib/",
                "<<<<<<< HEAD"
            })
    void refuses_a_hostile_list_and_removes_nothing(String line) throws IOException {
        Path victim = Files.writeString(parent.resolve("victim"), "x");
        write(MANIFEST, DATA);
        Files.writeString(dist.resolve(".generated-files"), DistFolderTest.LINE + "a.yaml\n" + line + "\n");
        assertThatThrownBy(() -> write(DATA))
                .isInstanceOf(RefusedFolderException.class)
                .hasMessageContaining("has a line that is no path of a generated file, '");
        assertThat(victim).exists();
        assertThat(dist.resolve("a.yaml")).exists();
    }

    @Test
    void refuses_a_list_that_is_none() throws IOException {
        Files.createDirectories(dist);
        Files.write(dist.resolve(".generated-files"), new byte[] {(byte) 0xc3, 0x28});
        assertThatThrownBy(() -> write(MANIFEST)).hasMessageContaining("it is not UTF-8 text; move it away");
        Files.write(dist.resolve(".generated-files"), new byte[2_000_000]);
        assertThatThrownBy(() -> write(MANIFEST)).hasMessageContaining("is no list of generated files; move it away");
    }

    private String badLine(String line) {
        return "'" + dist.resolve(".generated-files") + "' has a line that is no path of a generated file, '" + line
                + "'; remove that line";
    }

    private static void check(Place place) throws IOException {
        new DistFolder(place, DistFolderTest.INSTALLATION, new Disk()).check();
    }

    private void write(DistFile... files) throws IOException {
        new DistFolder(dist, DistFolderTest.INSTALLATION).write(List.of(files));
    }
}
