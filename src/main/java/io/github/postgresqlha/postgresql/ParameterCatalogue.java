package io.github.postgresqlha.postgresql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parameters of each PostgreSQL major that a file can set. A server that finds another name in its file does not start.
 *
 * @see <a href="https://www.postgresql.org/docs/current/view-pg-settings.html">pg_settings</a>
 */
public final class ParameterCatalogue {

    private static final Pattern LINE =
            Pattern.compile("(?<name>[a-z0-9_]+) (?<first>\\d+)(-(?<last>\\d+))?(?<restart> restart)?( (?<type>.+))?");

    private static final Map<String, KnownParameter> ENTRIES = read();

    private ParameterCatalogue() {}

    /** The names that a major knows, sorted. */
    public static List<String> names(PostgresVersion version) {
        return ENTRIES.entrySet().stream()
                .filter(entry -> entry.getValue().isIn(version))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What is known of a name; empty where none of the majors has it, as an extension's own, which has a dot. */
    public static Optional<KnownParameter> find(String name) {
        return Optional.ofNullable(ENTRIES.get(name));
    }

    /** Whether a running server keeps the old value, in one of the majors at least: a restart too many loses nothing. */
    public static boolean needsRestart(String name) {
        return name.contains(".")
                || find(name).filter(KnownParameter::needsRestart).isPresent();
    }

    /** Whether a server takes a value of a parameter; true of one that is not known here. */
    public static boolean takes(String name, String value) {
        return find(name).map(known -> known.type().takes(value)).orElse(true);
    }

    /** What a value of a parameter comes to, in the parameter's own unit; empty where it is no number, or no number to the server. */
    public static OptionalDouble amount(String name, String value) {
        return find(name).map(KnownParameter::type).orElse(null) instanceof ParameterNumber number
                ? number.read(value)
                : OptionalDouble.empty();
    }

    private static Map<String, KnownParameter> read() {
        Map<String, KnownParameter> entries = new TreeMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(ParameterCatalogue.class.getResourceAsStream("parameters.txt")),
                StandardCharsets.UTF_8))) {
            lines.lines().map(LINE::matcher).filter(Matcher::matches).forEach(line -> {
                int first = Integer.parseInt(line.group("first"));
                int last = line.group("last") == null ? first : Integer.parseInt(line.group("last"));
                ParameterType type = ParameterType.parse(Objects.requireNonNullElse(line.group("type"), ""));
                entries.put(line.group("name"), new KnownParameter(first, last, line.group("restart") != null, type));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }
}
