package io.github.postgresqlha.postgresql;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One of some words, in upper or lower case.
 *
 * @param words as the manual has them; an empty one is none at all
 * @param abbreviated whether the beginning of a word is enough, as {@code t} for {@code true}
 */
record ParameterWord(List<String> words, boolean abbreviated) implements ParameterType {

    /** What is on or off. */
    static final ParameterWord SWITCH = new ParameterWord(List.of("on", "off"), true);

    /** What the server takes beside {@code on} and {@code off}. */
    private static final List<String> SYNONYMS = List.of("true", "false", "yes", "no", "1", "0");

    ParameterWord {
        words = List.copyOf(words);
    }

    @Override
    public boolean takes(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        return all().map(word -> word.toLowerCase(Locale.ROOT))
                .anyMatch(word -> word.equals(lower) || (abbreviated && isBeginning(lower, word)));
    }

    /** An {@code o} alone would be both {@code on} and {@code off}. */
    private static boolean isBeginning(String value, String word) {
        return !value.isEmpty() && !value.equals("o") && word.startsWith(value);
    }

    private Stream<String> all() {
        return words.contains("on") && words.contains("off")
                ? Stream.concat(words.stream(), SYNONYMS.stream())
                : words.stream();
    }

    @Override
    public String described() {
        return words.stream()
                .map(word -> word.isEmpty() ? "empty" : word)
                .collect(Collectors.joining(", ", "one of ", ""));
    }
}
