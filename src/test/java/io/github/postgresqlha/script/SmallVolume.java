package io.github.postgresqlha.script;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;

/** A file system of its own in a folder, as small as a test wants it; where none can be mounted, its test is skipped. */
record SmallVolume(Path folder) implements AutoCloseable {

    static SmallVolume mount(Path folder, int megabytes) {
        Tool.Result mounted = Tool.run(new ProcessBuilder(
                "mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m,mode=0777", "tmpfs", folder.toString()));
        assumeTrue(mounted.status() == 0, "no small volume can be mounted here: " + mounted.output());
        return new SmallVolume(folder);
    }

    /** Leaves this much room. */
    void fill(int megabytesLeft) {
        Tool.run(new ProcessBuilder(
                "bash",
                "-c",
                "rm -f $0/ballast; fallocate -l $(($(df --output=avail -B1 $0 | tail -n 1) - " + megabytesLeft
                        + " * 1048576)) $0/ballast",
                folder.toString()));
    }

    void drain() {
        Tool.run(new ProcessBuilder("rm", "-f", folder + "/ballast"));
    }

    @Override
    public void close() {
        Tool.run(new ProcessBuilder("umount", "-l", folder.toString()));
    }
}
