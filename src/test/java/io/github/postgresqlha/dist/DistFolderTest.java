package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistFolderTest {

    private static final DistFile MANIFEST = DistFile.text("a.yaml", "a: 1\n");
    private static final DistFile PROGRAM = DistFile.program("scripts/run.sh", "#!/bin/sh\n");

    @TempDir
    private Path parent;

    @Test
    void writes_files_programs_and_their_list() throws IOException {
        assertThat(write(MANIFEST, PROGRAM)).isEqualTo(3);
        assertThat(files()).containsExactly(".generated-files", "a.yaml", "scripts/run.sh");
        assertThat(Project.read(dist().resolve(".generated-files"))).isEqualTo("a.yaml\nscripts/run.sh\n");
        assertThat(Files.isExecutable(dist().resolve("scripts/run.sh"))).isTrue();
        assertThat(Files.isExecutable(dist().resolve("a.yaml"))).isFalse();
    }

    @Test
    void touches_nothing_that_is_as_it_should_be() throws IOException {
        write(MANIFEST, PROGRAM);
        Object before = Files.getAttribute(dist(), "unix:ino");
        assertThat(write(MANIFEST, PROGRAM)).isZero();
        assertThat(Files.getAttribute(dist(), "unix:ino")).isEqualTo(before);
    }

    @Test
    void removes_what_it_wrote_and_no_longer_generates() throws IOException {
        write(MANIFEST, PROGRAM);
        write(MANIFEST);
        assertThat(files()).containsExactly(".generated-files", "a.yaml");
        assertThat(dist().resolve("scripts")).doesNotExist();
    }

    @Test
    void keeps_files_of_others() throws IOException {
        write(MANIFEST, PROGRAM);
        Files.writeString(dist().resolve("NOTES.md"), "mine\n");
        Files.writeString(dist().resolve("scripts/own.sh"), "mine too\n");
        write(DistFile.text("b.yaml", "b: 1\n"));
        assertThat(files()).containsExactly(".generated-files", "NOTES.md", "b.yaml", "scripts/own.sh");
        assertThat(Project.read(dist().resolve("scripts/own.sh"))).isEqualTo("mine too\n");
    }

    @Test
    void never_overwrites_a_file_of_others() throws IOException {
        Files.createDirectories(dist());
        Files.writeString(dist().resolve("a.yaml"), "somebody's\n");
        assertThatThrownBy(() -> write(PROGRAM, MANIFEST))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageEndingWith("a.yaml is there and was not written by a synthesis;"
                        + " move it away or name another folder with --out");
        assertThat(files()).containsExactly("a.yaml");
        assertThat(Project.read(dist().resolve("a.yaml"))).isEqualTo("somebody's\n");
    }

    @Test
    void refuses_a_file_in_place_of_the_folder() throws IOException {
        Files.writeString(dist(), "a file\n");
        assertThatThrownBy(() -> write(MANIFEST)).hasMessageEndingWith("dist is a file; name a folder with --out");
        assertThat(Project.read(dist())).isEqualTo("a file\n");
    }

    @Test
    void leaves_nothing_beside_the_folder() throws IOException {
        write(MANIFEST);
        write(PROGRAM);
        assertThat(Project.filesBelow(parent)).allMatch(file -> file.startsWith("dist"));
    }

    private Path dist() {
        return parent.resolve("dist");
    }

    private int write(DistFile... files) throws IOException {
        return new DistFolder(dist()).write(List.of(files));
    }

    private List<String> files() {
        return Project.filesBelow(dist()).stream().map(Path::toString).toList();
    }
}
