package io.github.postgresqlha.dist;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text with {@code {{placeholders}}}: only documentation is made this way, never a program. */
record Template(String name, String text) {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]*)}}");

    /** The text with every placeholder replaced; one that has no value fails the build. */
    String render(Map<String, String> values) {
        Set<String> unknown = new TreeSet<>();
        String result = PLACEHOLDER.matcher(text).replaceAll(match -> {
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
}
