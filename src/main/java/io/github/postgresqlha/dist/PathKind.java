package io.github.postgresqlha.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What is at a path. A link is a link, wherever it leads. */
enum PathKind {
    NOTHING,
    FILE,
    FOLDER,
    LINK,
    /** A pipe, a device, a socket. */
    OTHER;

    static PathKind of(Path path) throws IOException {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (found.isSymbolicLink()) {
                return LINK;
            }
            if (found.isRegularFile()) {
                return FILE;
            }
            return found.isDirectory() ? FOLDER : OTHER;
        } catch (NoSuchFileException missing) {
            return NOTHING;
        }
    }
}
