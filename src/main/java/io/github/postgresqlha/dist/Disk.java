package io.github.postgresqlha.dist;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** The steps by which a folder is changed. After a power loss each one that was synchronized has happened. */
class Disk {

    void createFolders(Path folder) throws IOException {
        Files.createDirectories(folder);
    }

    /** A new file; one that is there already is an error, as is a link. */
    void create(Path file, String content, Set<PosixFilePermission> mode) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            Files.setPosixFilePermissions(file, mode);
            channel.force(true);
        }
    }

    /** Whoever opens the file gets the old one or the new one, never a part. */
    void rename(Path temporary, Path file) throws IOException {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    /** Removes a folder that is empty; gives whether it is gone. One that holds something, or is a mount point, stays. */
    boolean deleteEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
            return true;
        } catch (FileSystemException stays) {
            return false;
        }
    }

    /** Makes the names in a folder last. Not every file system can: then the files are right and their names are late. */
    void synchronize(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException unable) {
            return;
        }
    }
}
