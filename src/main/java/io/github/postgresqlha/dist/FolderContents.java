package io.github.postgresqlha.dist;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** What a folder holds, seen without following a link. Reading it collects what speaks against writing it. */
final class FolderContents {

    /** Far above what any specification gives. */
    private static final long LONGEST_LIST = 1024 * 1024;

    private static final long LONGEST_DATA_FILE = 64 * 1024;

    private final Place place;
    private final Collection<String> refusals;

    FolderContents(Place place, Collection<String> refusals) {
        this.place = place;
        this.refusals = refusals;
    }

    Path file(String path) {
        return place.folder().resolve(path);
    }

    void refuse(String path, String why) {
        refusals.add("'" + place.given().resolve(path) + "' " + why);
    }

    /** What is at a path; refuses a link there or on the way, and a file on the way. */
    PathKind kind(String path) throws IOException {
        Path way = Path.of("");
        for (Iterator<Path> names = Path.of(path).iterator(); names.hasNext(); ) {
            way = way.resolve(names.next());
            PathKind kind = PathKind.of(file(way.toString()));
            if (kind == PathKind.LINK) {
                refuse(way.toString(), "is a symbolic link, and nothing is written through one; remove the link");
                return kind;
            }
            if (!names.hasNext()) {
                return kind;
            }
            if (kind == PathKind.FILE || kind == PathKind.OTHER) {
                refuse(way.toString(), "is a file where a folder is generated; move it away");
            }
            if (kind != PathKind.FOLDER) {
                return PathKind.NOTHING;
            }
        }
        return PathKind.NOTHING;
    }

    GeneratedList list() throws IOException {
        PathKind kind = kind(GeneratedList.NAME);
        if (kind == PathKind.NOTHING || kind == PathKind.LINK) {
            return GeneratedList.EMPTY;
        }
        Path file = file(GeneratedList.NAME);
        if (kind != PathKind.FILE || Files.size(file) > LONGEST_LIST) {
            refuse(GeneratedList.NAME, "is no list of generated files; move it away");
            return GeneratedList.EMPTY;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            return GeneratedList.parse(text, "'" + place.given().resolve(GeneratedList.NAME) + "'", refusals);
        } catch (CharacterCodingException notText) {
            refuse(GeneratedList.NAME, "is no list of generated files: it is not UTF-8 text; move it away");
            return GeneratedList.EMPTY;
        }
    }

    /** Two installations never share a folder: each would remove the other's files. */
    void checkInstallation(GeneratedList list, InstallationName wanted) throws IOException {
        boolean named = list.installation().isPresent();
        if (!named && list.paths().isEmpty()) {
            return;
        }
        Optional<InstallationName> found = named ? list.installation() : ofDataFile(list);
        if (found.equals(Optional.of(wanted))) {
            return;
        }
        String shown = "'" + place.given().resolve(GeneratedList.NAME) + "'";
        refusals.add(place
                + found.map(other -> " belongs to " + other).orElse(" does not say to which installation it belongs")
                + ", and the specification is of "
                + wanted
                + "; name another folder with --out, or, where that installation was renamed, "
                + (named ? "make this the first line of " + shown : "put this line first into " + shown)
                + ": "
                + wanted.line());
    }

    /** A list of the first form: its installation's data file says whose it is. */
    private Optional<InstallationName> ofDataFile(GeneratedList list) throws IOException {
        List<String> files = list.paths().stream()
                .filter(path -> path.endsWith(".env") && !path.contains("/"))
                .toList();
        if (files.size() != 1
                || kind(files.get(0)) != PathKind.FILE
                || Files.size(file(files.get(0))) > LONGEST_DATA_FILE) {
            return Optional.empty();
        }
        String text = new String(Files.readAllBytes(file(files.get(0))), StandardCharsets.UTF_8);
        return InstallationName.ofDataFile(text)
                .filter(installation -> files.get(0).equals(installation.name() + ".env"));
    }

    boolean hasContent(String path, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return Files.size(file(path)) == bytes.length && Arrays.equals(Files.readAllBytes(file(path)), bytes);
    }

    /** Whether its user may run it, which is another question than whether root may. */
    boolean isProgram(String path) throws IOException {
        return Files.getPosixFilePermissions(file(path)).contains(PosixFilePermission.OWNER_EXECUTE);
    }

    /** The folder in which a path will be made has to be writable, where it is there. */
    void checkWritable(String path) {
        Path parent = file(path).getParent();
        if (parent != null && Files.isDirectory(parent) && !Files.isWritable(parent)) {
            refuse(
                    place.folder().relativize(parent).toString(),
                    "cannot be written; make it writable or name another folder with --out");
        }
    }
}
