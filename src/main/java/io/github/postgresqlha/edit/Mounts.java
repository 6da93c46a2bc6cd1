package io.github.postgresqlha.edit;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Where volumes are mounted in a container. */
final class Mounts {

    /** Of the images that the product runs in: a volume there, or in there, hides what its scripts call. */
    private static final List<Path> PROGRAMS = Stream.of(
                    "/bin",
                    "/sbin",
                    "/lib",
                    "/lib64",
                    "/usr/bin",
                    "/usr/sbin",
                    "/usr/lib",
                    "/usr/local/bin",
                    "/usr/local/sbin",
                    "/usr/local/lib",
                    "/usr/share/postgresql")
            .map(Path::of)
            .toList();

    private static final Path RUN = Path.of("/run");

    /** A link to the other in every image. */
    private static final Path VAR_RUN = Path.of("/var/run");

    private Mounts() {}

    /** The new ones that would hide one of the old ones, or something in it. */
    static List<String> overlaps(Collection<?> before, Collection<?> after) {
        return added(before, after)
                .filter(mount -> before.stream().anyMatch(old -> overlap(path(mount), path(String.valueOf(old)))))
                .toList();
    }

    /** The new ones that would hide programs. */
    static List<String> overPrograms(Collection<?> before, Collection<?> after) {
        return added(before, after)
                .filter(mount -> PROGRAMS.stream().anyMatch(programs -> overlap(path(mount), programs)))
                .toList();
    }

    private static Stream<String> added(Collection<?> before, Collection<?> after) {
        return after.stream().filter(mount -> !before.contains(mount)).map(String::valueOf);
    }

    private static boolean overlap(Path one, Path other) {
        return one.startsWith(other) || other.startsWith(one);
    }

    /** As the kernel reads it. Paths stand in brackets, as the items of a list. */
    private static Path path(String mount) {
        Path path = Path.of(mount.substring(1, mount.length() - 1)).normalize();
        return path.startsWith(VAR_RUN) ? RUN.resolve(VAR_RUN.relativize(path)) : path;
    }
}
