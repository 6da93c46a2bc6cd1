package io.github.postgresqlha.postgresql;

import io.github.postgresqlha.spec.NearestKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parameters of each PostgreSQL major that a file can set. A server that finds another name in its file does not start.
 *
 * @see <a href="https://www.postgresql.org/docs/current/view-pg-settings.html">pg_settings</a>
 */
public final class ParameterCatalogue {

    private record Entry(int first, int last, boolean restart) {

        boolean isIn(PostgresVersion version) {
            return version.major() >= first && version.major() <= last;
        }

        String majors() {
            return first == last ? String.valueOf(first) : first + " to " + last;
        }
    }

    private static final Pattern LINE =
            Pattern.compile("(?<name>[a-z0-9_]+) (?<first>\\d+)(-(?<last>\\d+))?(?<restart> restart)?");

    /** What does the work of a name that is gone. */
    private static final Map<String, String> SUCCESSORS = Map.of(
            "io_workers", "io_min_workers and io_max_workers",
            "promote_trigger_file", "the trigger of this product",
            "vacuum_defer_cleanup_age", "hot_standby_feedback");

    private static final Map<String, Entry> ENTRIES = read();

    private ParameterCatalogue() {}

    /** The names that a major knows, sorted. */
    public static List<String> names(PostgresVersion version) {
        return ENTRIES.entrySet().stream()
                .filter(entry -> entry.getValue().isIn(version))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What is wrong with a name in a file for this major, and what to write instead. An extension's own has a dot, and is not known here. */
    public static Optional<String> problem(PostgresVersion version, String name) {
        Entry entry = ENTRIES.get(name);
        if (name.contains(".") || (entry != null && entry.isIn(version))) {
            return Optional.empty();
        }
        return Optional.of(
                entry == null
                        ? "is no parameter of PostgreSQL " + version + "; "
                                + NearestKey.of(name, names(version))
                                        .map(near -> "did you mean " + near + "?")
                                        .orElse("remove it")
                        : "is a parameter of PostgreSQL " + entry.majors() + ", not of " + version
                                + ", whose server would not start; "
                                + Optional.ofNullable(SUCCESSORS.get(name))
                                        .filter(successor -> version.major() > entry.last())
                                        .map(successor -> "use " + successor)
                                        .orElse("remove it"));
    }

    /** Whether a running server keeps the old value, in one of the majors at least: a restart too many loses nothing. */
    public static boolean needsRestart(String name) {
        return name.contains(".")
                || (ENTRIES.containsKey(name) && ENTRIES.get(name).restart());
    }

    private static Map<String, Entry> read() {
        Map<String, Entry> entries = new TreeMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(ParameterCatalogue.class.getResourceAsStream("parameters.txt")),
                StandardCharsets.UTF_8))) {
            lines.lines().map(LINE::matcher).filter(Matcher::matches).forEach(line -> {
                int first = Integer.parseInt(line.group("first"));
                int last = line.group("last") == null ? first : Integer.parseInt(line.group("last"));
                entries.put(line.group("name"), new Entry(first, last, line.group("restart") != null));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }
}
