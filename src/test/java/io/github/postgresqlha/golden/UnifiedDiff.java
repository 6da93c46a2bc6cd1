package io.github.postgresqlha.golden;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a failing comparison of two folders or files shows. */
final class UnifiedDiff {

    /** Begins a line that says to what the lines after it belong. */
    static final String PLACE = "# ";

    private static final int LINES = 40;

    private static final Pattern HUNK = Pattern.compile("(?ms)^@@ -(\\d+)[^\n]*\n(.*?)(?=^@@ |\\z)");

    private UnifiedDiff() {}

    /** The first lines of {@code diff -ru}. */
    static String of(Path expected, Path actual) {
        Tool.Result result =
                Tool.run(new ProcessBuilder(List.of("diff", "-ruN", expected.toString(), actual.toString())));
        return result.output().lines().limit(LINES).collect(Collectors.joining("\n", "\n", "\n"));
    }

    /**
     * The changes of {@code diff -U0}, each once, below the places where it is made: the lines in the texts that begin with {@link #PLACE}.
     * A place that is gone is one line. Numbers of lines would move with each line before them.
     */
    static String between(String one, String other) {
        Map<String, Set<String>> places = new LinkedHashMap<>();
        List<String> lines = one.lines().toList();
        for (MatchResult hunk : HUNK.matcher(difference(one, other)).results().toList()) {
            places.computeIfAbsent(hunk.group(2), change -> new LinkedHashSet<>())
                    .add(place(lines, Integer.parseInt(hunk.group(1))));
        }
        return places.entrySet().stream()
                .map(change -> "@@ " + String.join(", ", change.getValue()) + "\n" + change.getKey())
                .collect(Collectors.joining())
                .replaceAll("(?m)(^-" + PLACE + ".*\n)(?:^-(?!" + PLACE + ").*\n)+(?=-" + PLACE + "|@@|\\z)", "$1");
    }

    /** Of a line, by its number; a change before all of them is at the first one. */
    private static String place(List<String> lines, int number) {
        return lines.subList(0, Math.max(1, number)).stream()
                .filter(line -> line.startsWith(PLACE))
                .reduce((one, next) -> next)
                .map(line -> line.substring(PLACE.length()))
                .orElse("");
    }

    private static String difference(String one, String other) {
        try {
            Path first = Files.writeString(Files.createTempFile("one", ".yaml"), one);
            Path second = Files.writeString(Files.createTempFile("other", ".yaml"), other);
            Tool.Result result =
                    Tool.run(new ProcessBuilder("diff", "-U0", "--minimal", first.toString(), second.toString()));
            Files.delete(first);
            Files.delete(second);
            return result.output();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String ofText(Path expected, String actual) {
        try {
            Path file = Files.createTempFile("actual", ".yaml");
            Files.writeString(file, actual);
            String diff = of(expected, file);
            Files.delete(file);
            return diff;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
