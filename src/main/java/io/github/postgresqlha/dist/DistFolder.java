package io.github.postgresqlha.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder that a synthesis writes: completely or not at all, and never a file that it did not write itself. What it wrote
 * is listed in the folder, so that files which disappear from the synthesis disappear from the folder too.
 */
public final class DistFolder {

    /** The list of the generated files, one path a line. */
    public static final String LIST = ".generated-files";

    private final Path folder;

    /** @param folder need not be there yet */
    public DistFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** Makes the folder hold these files; returns how many of them were not there before in the same form. */
    public int write(List<DistFile> generated) throws IOException {
        SortedMap<String, DistFile> files = new TreeMap<>();
        generated.forEach(file -> files.put(file.path(), file));
        files.put(LIST, DistFile.text(LIST, String.join("\n", files.keySet()) + "\n"));
        Set<String> before = listed();
        refuseForeign(files, before);
        List<String> changed = changed(files, before);
        if (!changed.isEmpty()) {
            replace(files, before);
        }
        return changed.size();
    }

    private Set<String> listed() throws IOException {
        Path list = folder.resolve(LIST);
        return Files.exists(list) ? new TreeSet<>(Files.readAllLines(list)) : Set.of();
    }

    private void refuseForeign(Map<String, DistFile> files, Set<String> before) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new FileAlreadyExistsException(folder + " is a file; name a folder with --out");
        }
        for (DistFile file : files.values()) {
            Path existing = folder.resolve(file.path());
            boolean own = before.contains(file.path()) || file.path().equals(LIST);
            if (!own && Files.exists(existing) && !hasContent(existing, file)) {
                throw new FileAlreadyExistsException(
                        existing
                                + " is there and was not written by a synthesis; move it away or name another folder with --out");
            }
        }
    }

    private static boolean hasContent(Path existing, DistFile file) throws IOException {
        return Files.isRegularFile(existing)
                && Arrays.equals(Files.readAllBytes(existing), file.content().getBytes(StandardCharsets.UTF_8));
    }

    private List<String> changed(Map<String, DistFile> files, Set<String> before) throws IOException {
        List<String> changed = new ArrayList<>();
        for (DistFile file : files.values()) {
            Path existing = folder.resolve(file.path());
            if (!hasContent(existing, file) || Files.isExecutable(existing) != file.executable()) {
                changed.add(file.path());
            }
        }
        before.stream()
                .filter(path -> !files.containsKey(path) && Files.exists(folder.resolve(path)))
                .forEach(changed::add);
        return changed;
    }

    /** A complete new folder beside the old one, then two renames. */
    private void replace(Map<String, DistFile> files, Set<String> before) throws IOException {
        Path parent = folder.getParent();
        Files.createDirectories(parent);
        Path pending = Files.createTempDirectory(parent, folder.getFileName() + ".pending-");
        Path old = pending.resolveSibling(pending.getFileName() + "-old");
        try {
            Files.setPosixFilePermissions(pending, PosixFilePermissions.fromString("rwxr-xr-x"));
            copyForeign(files.keySet(), before, pending);
            for (DistFile file : files.values()) {
                writeFile(pending.resolve(file.path()), file);
            }
            swap(pending, old);
        } finally {
            delete(pending);
            delete(old);
        }
    }

    private void swap(Path pending, Path old) throws IOException {
        boolean existed = Files.exists(folder);
        if (existed) {
            Files.move(folder, old);
        }
        try {
            Files.move(pending, folder);
        } catch (IOException failed) {
            if (existed) {
                Files.move(old, folder);
            }
            throw failed;
        }
    }

    private void copyForeign(Set<String> files, Set<String> before, Path target) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        for (Path path : tree(folder)) {
            String relative = folder.relativize(path).toString();
            if (Files.isDirectory(path)) {
                if (!tree(path).stream().allMatch(below -> isOwn(below, files, before))) {
                    Files.createDirectories(target.resolve(relative));
                }
            } else if (!isOwn(path, files, before)) {
                Files.createDirectories(target.resolve(relative).getParent());
                Files.copy(path, target.resolve(relative), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private boolean isOwn(Path path, Set<String> files, Set<String> before) {
        String relative = folder.relativize(path).toString();
        return Files.isDirectory(path)
                || files.contains(relative)
                || before.contains(relative)
                || relative.equals(LIST);
    }

    private static void writeFile(Path target, DistFile file) throws IOException {
        Files.createDirectories(target.getParent());
        Files.writeString(target, file.content());
        Files.setPosixFilePermissions(
                target, PosixFilePermissions.fromString(file.executable() ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static List<Path> tree(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> !path.equals(folder)).sorted().collect(Collectors.toList());
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            List<Path> paths = tree(folder);
            for (int i = paths.size() - 1; i >= 0; i--) {
                Files.delete(paths.get(i));
            }
            Files.delete(folder);
        }
    }
}
