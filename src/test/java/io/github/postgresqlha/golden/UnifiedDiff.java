package io.github.postgresqlha.golden;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What a failing comparison of two folders or files shows. */
final class UnifiedDiff {

    private static final int LINES = 40;

    private UnifiedDiff() {}

    /** The first lines of {@code diff -ru}. */
    static String of(Path expected, Path actual) {
        Tool.Result result =
                Tool.run(new ProcessBuilder(List.of("diff", "-ruN", expected.toString(), actual.toString())));
        return result.output().lines().limit(LINES).collect(Collectors.joining("\n", "\n", "\n"));
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
