package io.github.postgresqlha.cli;

import io.github.postgresqlha.configuration.ExplainedKey;
import io.github.postgresqlha.configuration.Paragraph;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** How {@code pgha explain} shows keys: in colour on a terminal, unless {@code NO_COLOR} is set. */
final class KeyPage {

    private static final int WIDTH = 100;
    private static final int LABEL = 10;

    private final PrintWriter output;

    KeyPage(PrintWriter output) {
        this.output = output;
    }

    /** All of one key, and a list of what it holds. */
    void tell(ExplainedKey key, List<ExplainedKey> below) {
        output.println(bold(key.path()));
        Paragraph.lines(key.meaning() + ".", WIDTH - 2).forEach(line -> output.println("  " + line));
        output.println();
        row("type", key.type());
        key.range().ifPresent(range -> row("range", range));
        row(
                "default",
                key.isRequired()
                        ? "none: it must be given"
                        : key.initial().orElse(key.isSection() ? sectionDefault(key) : "none"));
        key.example().ifPresent(example -> row("example", example));
        key.beside().ifPresent(beside -> row("beside", beside));
        row("restarts", (below.isEmpty() ? "" : "by key, together: ") + key.restarts());
        if (!below.isEmpty()) {
            output.println();
            list(below);
        }
    }

    /** One key a line. */
    void list(List<ExplainedKey> keys) {
        int width = keys.stream().mapToInt(key -> key.path().length()).max().orElse(0);
        keys.forEach(key -> {
            String indent = " ".repeat(width + 4);
            List<String> lines = Paragraph.lines(key.meaning(), WIDTH - indent.length());
            output.println(
                    "  " + bold(key.path()) + " ".repeat(width - key.path().length() + 2) + lines.get(0));
            lines.stream().skip(1).forEach(line -> output.println(indent + line));
        });
    }

    private static String sectionDefault(ExplainedKey key) {
        return key.example().isPresent() ? "none" : "that of each key";
    }

    private void row(String label, String text) {
        List<String> lines = Paragraph.lines(text, WIDTH - LABEL - 2);
        output.println("  " + label + " ".repeat(LABEL - label.length()) + lines.get(0));
        lines.stream().skip(1).forEach(line -> output.println(" ".repeat(LABEL + 2) + line));
    }

    private static String bold(String text) {
        return Ansi.AUTO.text("@|bold " + text + "|@").toString();
    }
}
