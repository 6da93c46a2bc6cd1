package io.github.postgresqlha.dist;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with {@code {{placeholders}}}, and blocks from {@code {{#KEY}}} to {@code {{/KEY}}}, each on a line of its own, that
 * are there only where the key has a value; a block can have others inside. Only documentation is made this way, never a program.
 */
record Template(String name, String text) {

    private static final String BEGIN = "{{#";
    private static final String END = "{{/";
    private static final String CLOSE = "}}";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]*)}}");

    /** The text with every placeholder replaced; one that has no value fails the build. */
    String render(Map<String, String> values) {
        Set<String> unknown = new TreeSet<>();
        String result = PLACEHOLDER.matcher(wanted(values)).replaceAll(match -> {
            String key = match.group(1);
            if (!values.containsKey(key)) {
                unknown.add(key);
            }
            return Matcher.quoteReplacement(values.getOrDefault(key, ""));
        });
        if (!unknown.isEmpty()) {
            throw new IllegalStateException(
                    name + ": unknown placeholders " + unknown + "; there are " + new TreeSet<>(values.keySet()));
        }
        return result;
    }

    /** The lines that are not in a block of a key without value. */
    private String wanted(Map<String, String> values) {
        StringBuilder lines = new StringBuilder(text.length());
        Deque<String> open = new ArrayDeque<>();
        int unwanted = 0;
        for (int at = 0, end; at < text.length(); at = end) {
            int lineEnd = text.indexOf('\n', at);
            end = lineEnd < 0 ? text.length() : lineEnd + 1;
            String line = text.substring(at, lineEnd < 0 ? end : lineEnd);
            if (line.startsWith(BEGIN) && line.endsWith(CLOSE)) {
                open.push(line.substring(BEGIN.length(), line.length() - CLOSE.length()));
                unwanted += values.containsKey(open.peek()) ? 0 : 1;
            } else if (line.equals(END + open.peek() + CLOSE)) {
                unwanted -= values.containsKey(open.pop()) ? 0 : 1;
            } else if (unwanted == 0) {
                lines.append(text, at, end);
            }
        }
        if (!open.isEmpty()) {
            throw new IllegalStateException(name + ": the block " + open.peek() + " does not end");
        }
        return lines.toString();
    }
}
