package io.github.postgresqlha.dist;

import io.github.postgresqlha.text.Printable;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What {@code .generated-files} says: a line that names the installation, and the path of each generated file. A synthesis
 * that was interrupted leaves one that names the old files and the new ones, and says so.
 *
 * @param installation empty in a list of the first form, which had paths alone
 * @param complete whether the synthesis that wrote it has ended
 * @param paths of the generated files, with slashes
 */
record GeneratedList(Optional<InstallationName> installation, boolean complete, SortedSet<String> paths) {

    /** Its name in the folder. */
    static final String NAME = ".generated-files";

    static final GeneratedList EMPTY = new GeneratedList(Optional.empty(), true, new TreeSet<>());

    private static final String INCOMPLETE = "# Incomplete: a synthesis was interrupted; run it again";

    /** No name begins with a dot: no path leads out of the folder, or to a hidden file of somebody else. */
    private static final Pattern PATH =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}(/[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}){0,9}");

    private static final int REFUSED_LINES = 5;

    GeneratedList {
        paths = Collections.unmodifiableSortedSet(new TreeSet<>(paths));
    }

    static GeneratedList of(InstallationName installation, boolean complete, Collection<String> paths) {
        paths.stream().filter(path -> !PATH.matcher(path).matches()).findFirst().ifPresent(path -> {
            throw new IllegalArgumentException("cannot be the path of a generated file: '" + path + "'");
        });
        return new GeneratedList(Optional.of(installation), complete, new TreeSet<>(paths));
    }

    /** Reads it. A line that can be no path of a generated file is refused, and not part of the answer. */
    static GeneratedList parse(String text, String file, Collection<String> refusals) {
        Deque<String> lines = text.lines().collect(Collectors.toCollection(ArrayDeque::new));
        Optional<InstallationName> installation =
                Optional.ofNullable(lines.peek()).flatMap(InstallationName::ofLine);
        installation.ifPresent(line -> lines.remove());
        boolean complete = !INCOMPLETE.equals(lines.peek());
        if (!complete) {
            lines.remove();
        }
        List<String> bad =
                lines.stream().filter(line -> !PATH.matcher(line).matches()).toList();
        bad.stream()
                .limit(REFUSED_LINES)
                .forEach(line -> refusals.add(file + " has a line that is no path of a generated file, '" + shown(line)
                        + "'; remove that line"));
        if (bad.size() > REFUSED_LINES) {
            refusals.add(file + " has " + (bad.size() - REFUSED_LINES) + " more such lines; remove them");
        }
        lines.removeAll(bad);
        return new GeneratedList(installation, complete, new TreeSet<>(lines));
    }

    private static String shown(String line) {
        String shown = Printable.of(line);
        return shown.length() > 80 ? shown.substring(0, 80) + "…" : shown;
    }

    /** The files of this list and of another one, of which nobody knows how many are there. */
    GeneratedList incompleteWith(GeneratedList before) {
        SortedSet<String> all = new TreeSet<>(paths);
        all.addAll(before.paths());
        return new GeneratedList(installation, false, all);
    }

    String render() {
        return installation.map(name -> name.line() + "\n").orElse("")
                + (complete ? "" : INCOMPLETE + "\n")
                + paths.stream().map(path -> path + "\n").collect(Collectors.joining());
    }
}
