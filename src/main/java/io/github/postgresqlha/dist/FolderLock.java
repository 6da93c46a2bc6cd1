package io.github.postgresqlha.dist;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** That one synthesis at a time looks at a folder and writes it. The system gives it back when a process ends, however it does. */
final class FolderLock {

    private static final String NAME = ".pgha-synth.lock";

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @throws RefusedFolderException where another synthesis writes the folder */
    static FolderLock of(Place place) throws IOException {
        Path file = place.folder().resolve(NAME);
        FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        try {
            if (channel.tryLock() != null && isStillNamed(file, channel)) {
                return new FolderLock(file, channel);
            }
        } catch (OverlappingFileLockException thisProcess) {
            channel.close();
            throw refusal(place);
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
        channel.close();
        throw refusal(place);
    }

    private static RefusedFolderException refusal(Place place) {
        return new RefusedFolderException(
                List.of(place + " is being written by another pgha synth; wait until that has ended"));
    }

    /** Whoever had it before may have removed the file after it was opened here. */
    private static boolean isStillNamed(Path file, FileChannel channel) throws IOException {
        String token = UUID.randomUUID().toString();
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(token.getBytes(StandardCharsets.UTF_8)), 0);
        try {
            return Files.readString(file).equals(token);
        } catch (NoSuchFileException removed) {
            return false;
        }
    }

    void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(file);
        }
    }
}
