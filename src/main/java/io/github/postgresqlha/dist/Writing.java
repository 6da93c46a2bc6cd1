package io.github.postgresqlha.dist;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes a folder hold what it should, file by file. Its list comes first, with the old names and the new ones, and last, with
 * the new ones alone: where it ends between, the next run knows which files are its own, and that some are old.
 */
final class Writing {

    private static final Pattern TEMPORARY = Pattern.compile("\\.pgha-synth-[0-9a-f]{16}\\.tmp");
    private static final Set<PosixFilePermission> TEXT = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> PROGRAM = PosixFilePermissions.fromString("rwxr-xr-x");

    private final Disk disk;
    private final Path folder;
    private final Comparison comparison;
    private final SortedSet<Path> touched = new TreeSet<>();

    Writing(Disk disk, Path folder, Comparison comparison) {
        this.disk = disk;
        this.folder = folder;
        this.comparison = comparison;
    }

    void run() throws IOException {
        FileChanges changes = comparison.changes();
        removeTemporaries();
        if (changes.count() == 0) {
            return;
        }
        createFolder(folder);
        boolean listAlone = changes.count() == 1 && !isCurrent(GeneratedList.NAME);
        if (!listAlone) {
            putList(comparison.after().incompleteWith(comparison.before()));
        }
        for (DistFile file : comparison.files().values()) {
            if (!file.path().equals(GeneratedList.NAME) && !isCurrent(file.path())) {
                put(file);
            }
        }
        for (String path : changes.removed()) {
            remove(folder.resolve(path));
        }
        for (String path : comparison.stale()) {
            removeEmptyFolders(parentOf(folder.resolve(path)));
        }
        for (Path changed : touched) {
            disk.synchronize(changed);
        }
        putList(comparison.after());
    }

    private boolean isCurrent(String path) {
        return !comparison.changes().added().contains(path)
                && !comparison.changes().changed().contains(path);
    }

    private void putList(GeneratedList list) throws IOException {
        put(DistFile.text(GeneratedList.NAME, list.render()));
        disk.synchronize(folder);
    }

    private void put(DistFile file) throws IOException {
        Path target = folder.resolve(file.path());
        Path parent = parentOf(target);
        createFolder(parent);
        Path temporary = parent.resolve(String.format(
                Locale.ROOT,
                ".pgha-synth-%016x.tmp",
                ThreadLocalRandom.current().nextLong()));
        try {
            disk.create(temporary, file.content(), mode(target, file.executable()));
            disk.rename(temporary, target);
        } catch (IOException failed) {
            IOException told = failure(target, failed);
            try {
                disk.delete(temporary);
            } catch (IOException stays) {
                told.addSuppressed(stays);
            }
            throw told;
        }
        touched.add(parent);
    }

    /** Who may read it is the user's choice, where it is there. */
    private static Set<PosixFilePermission> mode(Path target, boolean executable) throws IOException {
        if (PathKind.of(target) == PathKind.FILE) {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(target);
            if (mode.contains(PosixFilePermission.OWNER_EXECUTE) == executable) {
                return mode;
            }
        }
        return executable ? PROGRAM : TEXT;
    }

    private void createFolder(Path created) throws IOException {
        try {
            disk.createFolders(created);
        } catch (IOException failed) {
            throw failure(created, failed);
        }
    }

    private void remove(Path file) throws IOException {
        try {
            disk.delete(file);
            touched.add(parentOf(file));
        } catch (IOException failed) {
            throw failure(file, failed);
        }
    }

    private void removeEmptyFolders(Path below) throws IOException {
        Path at = below;
        while (at.startsWith(folder) && !at.equals(folder) && disk.deleteEmpty(at)) {
            touched.remove(at);
            at = parentOf(at);
            touched.add(at);
        }
    }

    /** What a run that was killed was about to write. */
    private void removeTemporaries() throws IOException {
        SortedSet<Path> folders = new TreeSet<>(Set.of(folder));
        Stream.concat(comparison.before().paths().stream(), comparison.after().paths().stream())
                .forEach(path -> folders.add(parentOf(folder.resolve(path))));
        for (Path looked : folders) {
            if (PathKind.of(looked) != PathKind.FOLDER) {
                continue;
            }
            try (DirectoryStream<Path> found = Files.newDirectoryStream(looked, Writing::isTemporary)) {
                for (Path temporary : found) {
                    remove(temporary);
                }
            }
        }
    }

    private static boolean isTemporary(Path file) throws IOException {
        return TEMPORARY.matcher(String.valueOf(file.getFileName())).matches() && PathKind.of(file) == PathKind.FILE;
    }

    /** Everything written is below the folder, which is never the root. */
    private static Path parentOf(Path file) {
        return Objects.requireNonNull(file.getParent());
    }

    private static IOException failure(Path file, IOException cause) {
        String reason = String.valueOf(cause.getMessage());
        if (cause instanceof NoSuchFileException) {
            reason = "it is not there";
        } else if (cause instanceof FileSystemException system) {
            reason = system.getReason() == null ? "not permitted" : system.getReason();
        }
        return new IOException(
                "cannot write '" + file + "' (" + reason + "); mend that and run pgha synth again", cause);
    }
}
