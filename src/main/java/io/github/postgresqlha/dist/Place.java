package io.github.postgresqlha.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a folder to write is: which places are somebody's own, and never the output of a program. */
record Place(Path given, Path folder, Path workingFolder, List<Path> homes) {

    static Place of(Path given) {
        List<Path> homes = Stream.of(System.getProperty("user.home"), System.getenv("HOME"))
                .filter(Objects::nonNull)
                .filter(home -> !home.isEmpty())
                .map(Path::of)
                .toList();
        return new Place(given, given.toAbsolutePath().normalize(), Path.of("").toAbsolutePath(), homes);
    }

    /** Adds what speaks against it; gives whether there is a folder to look into. */
    boolean check(Collection<String> refusals) throws IOException {
        Path real = real(folder);
        if (real(workingFolder).startsWith(real)) {
            String what = real.getParent() == null
                    ? " is the root of the file system"
                    : real(workingFolder).equals(real) ? " is the working folder" : " holds the working folder";
            refusals.add(this + what + "; name a folder of its own with --out, as dist");
        } else if (homes.stream().anyMatch(home -> isIn(home, real))) {
            refusals.add(this + " is or holds the home folder; name a folder of its own with --out");
        }
        if (Stream.iterate(real, Objects::nonNull, Path::getParent).anyMatch(Place::isGits)) {
            refusals.add(this + " is or is in the inside of a Git repository; name a folder outside of it with --out");
        }
        Path nearest = nearest(folder);
        boolean there = nearest.equals(folder) || Files.isSymbolicLink(folder);
        PathKind kind = there ? PathKind.of(folder) : PathKind.NOTHING;
        switch (kind) {
            case LINK -> refusals.add(this + " is a symbolic link; name the folder itself with --out");
            case FILE, OTHER -> refusals.add(this + " is a file; name a folder with --out");
            case FOLDER -> {
                if (Files.exists(folder.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
                    refusals.add(this + " is the top of a Git repository; name a folder in it with --out");
                }
                checkWritable(folder, refusals);
            }
            case NOTHING -> checkWritable(nearest, refusals);
        }
        return kind == PathKind.FOLDER;
    }

    /** A folder {@code .git}, or a repository without a working tree. */
    private static boolean isGits(Path at) {
        return at.endsWith(".git")
                || (Files.isRegularFile(at.resolve("HEAD"))
                        && Files.isDirectory(at.resolve("objects"))
                        && Files.isDirectory(at.resolve("refs")));
    }

    private void checkWritable(Path existing, Collection<String> refusals) {
        if (!Files.isDirectory(existing)) {
            refusals.add("'" + existing + "' is no folder, on the way to " + this + "; name another one with --out");
        } else if (!Files.isWritable(existing) || !Files.isExecutable(existing)) {
            refusals.add("'" + existing + "' cannot be written; make it writable or name another folder with --out");
        }
    }

    private static boolean isIn(Path home, Path real) {
        try {
            return real(home).startsWith(real);
        } catch (IOException unreadable) {
            return home.toAbsolutePath().normalize().startsWith(real);
        }
    }

    /** The folder's own place, whatever links lead to it; it need not be there. */
    private static Path real(Path path) throws IOException {
        Path nearest = nearest(path);
        return nearest.toRealPath().resolve(nearest.relativize(path)).normalize();
    }

    private static Path nearest(Path path) {
        return Stream.iterate(Optional.of(path), Optional::isPresent, at -> at.map(Path::getParent))
                .flatMap(Optional::stream)
                .filter(Files::exists)
                .findFirst()
                .orElse(path);
    }

    @Override
    public String toString() {
        return "'" + given + "'";
    }
}
