package io.github.postgresqlha.dist;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * In what a folder differs from what a specification gives: paths below it, sorted. Nothing is written, and what the folder says of itself
 * is not believed.
 *
 * @param missing files that it lacks
 * @param changed files of other bytes, that are links, or that a user may run and should not, or should and may not
 * @param foreign files that no synthesis writes
 */
public record Verification(List<String> missing, List<String> changed, List<String> foreign) {

    public Verification {
        missing = List.copyOf(missing);
        changed = List.copyOf(changed);
        foreign = List.copyOf(foreign);
    }

    /**
     * Compares.
     *
     * @throws RefusedFolderException where there is no folder
     */
    public static Verification of(Path folder, InstallationName installation, List<DistFile> generated)
            throws IOException {
        if (PathKind.of(folder) != PathKind.FOLDER) {
            throw new RefusedFolderException(List.of("'" + folder + "' is no folder; name one that pgha synth wrote"));
        }
        SortedMap<String, DistFile> wanted = new TreeMap<>();
        generated.forEach(file -> wanted.put(file.path(), file));
        String list = GeneratedList.of(installation, true, wanted.keySet()).render();
        wanted.put(GeneratedList.NAME, DistFile.text(GeneratedList.NAME, list));

        FolderContents contents = new FolderContents(new Place(folder, folder, folder, List.of()), new ArrayList<>());
        List<String> missing = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        for (Map.Entry<String, DistFile> entry : wanted.entrySet()) {
            PathKind kind = contents.kind(entry.getKey());
            if (kind == PathKind.NOTHING) {
                missing.add(entry.getKey());
            } else if (kind != PathKind.FILE
                    || !contents.hasContent(entry.getKey(), entry.getValue().content())
                    || contents.isProgram(entry.getKey()) != entry.getValue().executable()) {
                changed.add(entry.getKey());
            }
        }
        List<String> foreign = files(folder);
        foreign.removeAll(wanted.keySet());
        return new Verification(missing, changed, foreign);
    }

    /** Whether the folder holds what it should; it may hold files of others. */
    public boolean isSame() {
        return missing.isEmpty() && changed.isEmpty();
    }

    /** All below a folder that is no folder; no link is followed. */
    private static List<String> files(Path folder) throws IOException {
        List<String> files = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(folder.relativize(file).toString().replace('\\', '/'));
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        return files;
    }
}
