package io.github.postgresqlha.configuration;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What the type of a key does not say: a line of {@code keys.txt}. A test changes each key to its example, and compares what the two plans restart.
 *
 * @param example another value than the default, as the file has it
 * @param range the least and the most, and their unit; empty where the type alone says what is allowed
 * @param effects what a change reaches
 * @param beside what else the file has to say for the example to be allowed and to do something; empty where nothing
 */
record KeyNote(String example, Optional<String> range, Set<Effect> effects, Optional<String> beside) {

    private static final String FILE = "keys.txt";
    private static final String NONE = "-";

    /** All lines by their keys, in the order of the file. */
    static Map<String, KeyNote> all() {
        Map<String, KeyNote> notes = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(KeyNote.class.getResourceAsStream(FILE), FILE), StandardCharsets.UTF_8))) {
            lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" +\\| +", -1))
                    .forEach(columns -> notes.put(columns[0], of(columns)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Collections.unmodifiableMap(notes);
    }

    private static KeyNote of(String[] columns) {
        return new KeyNote(columns[1], given(columns[2]), effects(columns[3]), given(columns[4]));
    }

    private static Optional<String> given(String column) {
        return column.equals(NONE) ? Optional.empty() : Optional.of(column);
    }

    private static Set<Effect> effects(String column) {
        Set<Effect> effects = EnumSet.noneOf(Effect.class);
        given(column).stream()
                .flatMap(words -> Arrays.stream(words.split(" ")))
                .map(word -> Effect.valueOf(word.toUpperCase(Locale.ROOT)))
                .forEach(effects::add);
        return effects;
    }
}
