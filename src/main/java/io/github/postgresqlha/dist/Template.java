package io.github.postgresqlha.dist;

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

    private static final Pattern BLOCK = Pattern.compile("(?ms)^\\{\\{#(\\w+)}}\n(.*?)^\\{\\{/\\1}}\n");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]*)}}");

    /** The text with every placeholder replaced; one that has no value fails the build. */
    String render(Map<String, String> values) {
        Set<String> unknown = new TreeSet<>();
        String result = PLACEHOLDER.matcher(wanted(text, values)).replaceAll(match -> {
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

    /** A block that is wanted may have others inside. */
    private static String wanted(String text, Map<String, String> values) {
        return BLOCK.matcher(text)
                .replaceAll(block -> values.containsKey(block.group(1))
                        ? Matcher.quoteReplacement(wanted(block.group(2), values))
                        : "");
    }
}
