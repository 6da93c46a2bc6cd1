package io.github.postgresqlha.dist;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A folder and what it should hold.
 *
 * @param before what the folder's list says
 * @param after what it will say
 * @param files those that it should hold, the list among them, by path
 */
record Comparison(GeneratedList before, GeneratedList after, SortedMap<String, DistFile> files, FileChanges changes) {

    /** Files of others that are in the way are refused. */
    static Comparison of(
            FolderContents contents, GeneratedList before, InstallationName installation, List<DistFile> generated)
            throws IOException {
        SortedMap<String, DistFile> files = new TreeMap<>();
        generated.forEach(file -> files.put(file.path(), file));
        GeneratedList after = GeneratedList.of(installation, true, files.keySet());
        files.put(GeneratedList.NAME, DistFile.text(GeneratedList.NAME, after.render()));
        List<String> added = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        for (Map.Entry<String, DistFile> entry : files.entrySet()) {
            PathKind kind = contents.kind(entry.getKey());
            if (kind == PathKind.NOTHING) {
                added.add(entry.getKey());
            } else if (kind == PathKind.FILE) {
                if (differs(contents, entry.getValue(), before)) {
                    changed.add(entry.getKey());
                }
            } else if (kind != PathKind.LINK) {
                contents.refuse(entry.getKey(), "is no file, and a file is generated there; move it away");
            }
        }
        List<String> removed = new ArrayList<>();
        for (String path : stale(before, after)) {
            if (contents.kind(path) == PathKind.FILE) {
                removed.add(path);
            }
        }
        added.forEach(contents::checkWritable);
        changed.forEach(contents::checkWritable);
        removed.forEach(contents::checkWritable);
        return new Comparison(before, after, files, new FileChanges(added, changed, removed, !before.complete()));
    }

    private static boolean differs(FolderContents contents, DistFile file, GeneratedList before) throws IOException {
        String path = file.path();
        if (contents.hasContent(path, file.content())) {
            return contents.isProgram(path) != file.executable();
        }
        if (!before.paths().contains(path) && !path.equals(GeneratedList.NAME)) {
            contents.refuse(
                    path,
                    "is there and was not written by a synthesis; move it away or name another folder with --out");
        }
        return true;
    }

    /** What was generated and no longer is. */
    SortedSet<String> stale() {
        return stale(before, after);
    }

    private static SortedSet<String> stale(GeneratedList before, GeneratedList after) {
        SortedSet<String> stale = new TreeSet<>(before.paths());
        stale.removeAll(after.paths());
        return stale;
    }
}
