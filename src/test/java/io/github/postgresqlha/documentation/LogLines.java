package io.github.postgresqlha.documentation;

import io.github.postgresqlha.testing.Project;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The messages of level WARN and ERROR in the scripts, each as {@code LEVEL text} with an ellipsis for what expands. */
final class LogLines {

    private static final Path SCRIPTS = Project.file("src/main/resources/io/github/postgresqlha/script");

    /** What speaks: of {@code die}, a status of 64 says that it was used wrongly. */
    private static final Pattern CALL = Pattern.compile(
            "(?<![\\w-])(log_warn|log_error|complain \\w+|die (?!64 )(?:\\d+|\"\\$\\(\\(.*?\\)\\)\")|refuse)\\s+\"");

    private final String source;
    private int position;

    private LogLines(String source, int position) {
        this.source = source;
        this.position = position;
    }

    static Set<String> ofTheScripts() {
        Set<String> lines = new TreeSet<>();
        for (Path file : Project.filesBelow(SCRIPTS)) {
            String text = Project.read(SCRIPTS.resolve(file));
            if (!text.startsWith("#") || file.toString().matches(".*\\.(pl|py)")) {
                continue;
            }
            Matcher call = CALL.matcher(text);
            while (call.find()) {
                String before = text.substring(text.lastIndexOf('\n', call.start()) + 1, call.start());
                String message = new LogLines(text, call.end()).quoted();
                // What another program said stands for itself.
                if (!before.strip().startsWith("#") && message.matches("(?s).*\\w.*")) {
                    lines.add((call.group(1).equals("log_warn") ? "WARN " : "ERROR ") + message);
                }
            }
        }
        return lines;
    }

    /** From behind a double quote to the next one that ends it. */
    private String quoted() {
        StringBuilder text = new StringBuilder();
        while (source.charAt(position) != '"') {
            char next = source.charAt(position);
            if (next == '\\') {
                text.append(source.charAt(position + 1));
                position += 2;
            } else if (next == '$' && isOpening(source.charAt(position + 1))) {
                position++;
                skip();
                text.append('…');
            } else if (next == '$' && isVariable(source.charAt(position + 1))) {
                position++;
                skipName();
                text.append('…');
            } else {
                text.append(next);
                position++;
            }
        }
        position++;
        return text.toString().replaceAll("…+", "…").strip();
    }

    /** From an opening bracket to behind its closing one. */
    private void skip() {
        char opening = source.charAt(position++);
        char closing = opening == '(' ? ')' : '}';
        while (source.charAt(position) != closing) {
            char next = source.charAt(position);
            if (next == '\\') {
                position += 2;
            } else if (next == '\'' && opening == '(') {
                position = source.indexOf('\'', position + 1) + 1;
            } else if (next == '"') {
                position++;
                quoted();
            } else if (next == opening || (next == '$' && isOpening(source.charAt(position + 1)))) {
                position += next == opening ? 0 : 1;
                skip();
            } else {
                position++;
            }
        }
        position++;
    }

    private void skipName() {
        boolean word = Character.isLetter(source.charAt(position)) || source.charAt(position) == '_';
        do {
            position++;
        } while (word && (Character.isLetterOrDigit(source.charAt(position)) || source.charAt(position) == '_'));
    }

    private static boolean isOpening(char character) {
        return character == '(' || character == '{';
    }

    private static boolean isVariable(char character) {
        return Character.isLetterOrDigit(character) || "_*@#?!".indexOf(character) >= 0;
    }
}
