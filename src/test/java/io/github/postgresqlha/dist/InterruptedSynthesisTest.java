package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A synthesis that ends after any of its steps, as by SIGKILL, or in any of them, as on a full disk. */
class InterruptedSynthesisTest {

    private static final Map<String, String> OLD =
            Map.of("a.yaml", "a: old, and longer\n", "gone.yaml", "b\n", "old/sub/run.sh", "c\n", "same.yaml", "d\n");
    private static final Map<String, String> NEW =
            Map.of("a.yaml", "a: new\n", "new/run.sh", "c\n", "same.yaml", "d\n", "z.yaml", "z\n");
    private static final int MORE_THAN_ALL = 100;

    @TempDir
    private Path parent;

    @Test
    void leaves_whole_files_after_a_kill_and_the_next_run_completes_it() throws IOException {
        int last = 0;
        for (int steps = 0; steps < MORE_THAN_ALL; steps++) {
            Path folder = before(steps);
            Interrupted disk = new Interrupted(steps, true);
            try {
                write(folder, disk, NEW);
            } catch (Killed killed) {
                last = steps;
                assertWhole(folder);
                complete(folder);
                continue;
            }
            assertComplete(folder);
        }
        assertThat(last).as("steps that were tried").isBetween(15, MORE_THAN_ALL - 2);
    }

    @Test
    void leaves_whole_files_and_no_temporary_one_where_the_disk_is_full() throws IOException {
        for (int steps = 0; steps < MORE_THAN_ALL; steps++) {
            Path folder = before(steps);
            Interrupted disk = new Interrupted(steps, false);
            try {
                write(folder, disk, NEW);
            } catch (IOException full) {
                assertThat(full).hasMessageContaining("No space left on device").hasMessageNotContaining("\n");
                assertWhole(folder);
                assertThat(Project.filesBelow(folder))
                        .noneMatch(file -> file.toString().contains("pgha-synth"));
                complete(folder);
            }
        }
    }

    @Test
    void a_first_run_that_was_killed_is_completed_by_one_with_another_specification() throws IOException {
        for (int steps = 0; steps < MORE_THAN_ALL; steps++) {
            Path folder = parent.resolve("first-" + steps);
            Interrupted disk = new Interrupted(steps, true);
            try {
                write(folder, disk, OLD);
            } catch (Killed killed) {
                assertThat(Project.filesBelow(folder))
                        .allMatch(file -> isTemporary(file)
                                || !OLD.containsKey(file.toString())
                                || OLD.containsValue(Project.read(folder.resolve(file))));
            }
            complete(folder);
        }
    }

    @Test
    void keeps_a_file_of_others_that_looks_like_a_temporary_one() throws IOException {
        Path folder = before(0);
        Path kept = Files.writeString(folder.resolve(".pgha-synth-mine.tmp"), "mine");
        Path link = Files.createSymbolicLink(folder.resolve(".pgha-synth-0123456789abcdef.tmp"), kept);
        Path left = Files.writeString(folder.resolve("old/sub/.pgha-synth-0123456789abcdef.tmp"), "half");
        write(folder, new Disk(), OLD);
        assertThat(kept).hasContent("mine");
        assertThat(link).isSymbolicLink();
        assertThat(left).doesNotExist();
    }

    private Path before(int number) throws IOException {
        Path folder = parent.resolve("dist-" + number);
        write(folder, new Disk(), OLD);
        Files.writeString(folder.resolve("NOTES.md"), "mine\n");
        return folder;
    }

    /** Each file is the old one or the new one; a mix says so. */
    private static void assertWhole(Path folder) {
        boolean allOld = true;
        boolean allNew = true;
        for (String path : List.of("a.yaml", "gone.yaml", "old/sub/run.sh", "new/run.sh", "same.yaml", "z.yaml")) {
            String found = Files.exists(folder.resolve(path)) ? Project.read(folder.resolve(path)) : "";
            String old = OLD.getOrDefault(path, "");
            String fresh = NEW.getOrDefault(path, "");
            assertThat(found).as(path).isIn(old, fresh);
            allOld &= found.equals(old);
            allNew &= found.equals(fresh);
        }
        if (!allOld && !allNew) {
            assertThat(folder.resolve(GeneratedList.NAME)).content().contains("# Incomplete: ");
        }
        assertThat(folder.resolve("NOTES.md")).hasContent("mine\n");
    }

    private static void complete(Path folder) throws IOException {
        write(folder, new Disk(), NEW);
        assertComplete(folder);
        assertThat(write(folder, new Disk(), NEW).count()).isZero();
    }

    private static void assertComplete(Path folder) {
        Map<String, String> found = new TreeMap<>();
        Project.filesBelow(folder).forEach(file -> found.put(file.toString(), Project.read(folder.resolve(file))));
        found.remove("NOTES.md");
        assertThat(found.remove(GeneratedList.NAME))
                .isEqualTo(DistFolderTest.LINE + "a.yaml\nnew/run.sh\nsame.yaml\nz.yaml\n");
        assertThat(found).isEqualTo(NEW);
        assertThat(folder.resolve("old")).doesNotExist();
    }

    private static boolean isTemporary(Path file) {
        return String.valueOf(file.getFileName()).startsWith(".pgha-synth-");
    }

    private static FileChanges write(Path folder, Disk disk, Map<String, String> files) throws IOException {
        return new DistFolder(Place.of(folder), DistFolderTest.INSTALLATION, disk)
                .write(files.entrySet().stream()
                        .map(file -> DistFile.text(file.getKey(), file.getValue()))
                        .toList());
    }

    /** No handler of failures runs after it, as after a kill. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Does a number of steps, half of the next one, and no more. */
    private static final class Interrupted extends Disk {
        private final boolean killed;
        private int left;

        Interrupted(int steps, boolean killed) {
            this.left = steps;
            this.killed = killed;
        }

        private void step() throws IOException {
            if (left-- == 0) {
                if (killed) {
                    throw new Killed();
                }
                throw new IOException("No space left on device");
            }
        }

        @Override
        void createFolders(Path folder) throws IOException {
            step();
            super.createFolders(folder);
        }

        @Override
        void create(Path file, String content, Set<PosixFilePermission> mode) throws IOException {
            if (left == 0) {
                super.create(file, content.substring(0, content.length() / 2), mode);
            }
            step();
            super.create(file, content, mode);
        }

        @Override
        void rename(Path temporary, Path file) throws IOException {
            step();
            super.rename(temporary, file);
        }

        @Override
        void delete(Path file) throws IOException {
            step();
            super.delete(file);
        }

        @Override
        boolean deleteEmpty(Path folder) throws IOException {
            if (killed) {
                step();
            }
            return super.deleteEmpty(folder);
        }
    }
}
