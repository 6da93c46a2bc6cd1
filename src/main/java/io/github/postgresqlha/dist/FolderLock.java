package io.github.postgresqlha.dist;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * That one synthesis at a time looks at a folder and writes it. The system gives it back when a process ends, however it does, and when a
 * process closes its file, whichever of its descriptors that is: so nothing here opens that file a second time.
 */
final class FolderLock {

    private static final String NAME = ".pgha-synth.lock";

    /** Those that this process has. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    /** The file has no content but its length, which takes no room. */
    private static final int LONGEST = 1024 * 1024;

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @throws RefusedFolderException where another synthesis writes the folder, or something else has the lock's name */
    static FolderLock of(Place place) throws IOException {
        Path file = place.folder().toRealPath().resolve(NAME);
        checkKind(place, file);
        if (!HELD.add(file)) {
            throw inUse(place);
        }
        try {
            return new FolderLock(file, locked(place, file));
        } catch (IOException | RuntimeException failed) {
            HELD.remove(file);
            throw failed;
        }
    }

    private static FileChannel locked(Place place, Path file) throws IOException {
        FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        try {
            if (channel.tryLock() != null && isStillNamed(file, channel)) {
                return channel;
            }
        } catch (OverlappingFileLockException underAnotherName) {
            channel.close();
            throw inUse(place);
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
        channel.close();
        throw inUse(place);
    }

    /** What is no lock would be emptied, or keep whoever opens it. */
    private static void checkKind(Place place, Path file) throws IOException {
        PathKind kind = PathKind.of(file);
        if (kind != PathKind.NOTHING && kind != PathKind.FILE) {
            throw refusal(place, "is no regular file, and pgha synth locks one of this name; move it away");
        }
        if (kind == PathKind.FILE && names(file) > 1) {
            throw refusal(
                    place, "is a hard link, and the file would be emptied under its other name; remove this link");
        }
    }

    private static int names(Path file) throws IOException {
        try {
            return (Integer) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException removed) {
            return 0;
        }
    }

    private static RefusedFolderException refusal(Place place, String why) {
        return new RefusedFolderException(List.of("'" + place.given().resolve(NAME) + "' " + why));
    }

    private static RefusedFolderException inUse(Place place) {
        return new RefusedFolderException(
                List.of(place + " is being written by another pgha synth; wait until that has ended"));
    }

    /** Whoever had it before may have removed the file after it was opened here: then its name has another length, or is gone. */
    private static boolean isStillNamed(Path file, FileChannel channel) throws IOException {
        long length = ThreadLocalRandom.current().nextLong(1, LONGEST);
        channel.truncate(0);
        channel.write(ByteBuffer.allocate(1), length - 1);
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                            .size()
                    == length;
        } catch (NoSuchFileException removed) {
            return false;
        }
    }

    void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(file);
        } finally {
            HELD.remove(file);
        }
    }
}
