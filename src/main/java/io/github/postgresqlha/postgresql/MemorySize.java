package io.github.postgresqlha.postgresql;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory as PostgreSQL's parameters take it. The unit is required: without one it would be blocks for one parameter and kilobytes for another.
 *
 * @see <a href="https://www.postgresql.org/docs/17/config-setting.html#CONFIG-SETTING-NAMES-VALUES">Parameter names and values</a>
 */
public record MemorySize(String text, long bytes) {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(kB|MB|GB|TB)");
    private static final Map<String, Long> UNITS =
            Map.of("kB", 1L << 10, "MB", 1L << 20, "GB", 1L << 30, "TB", 1L << 40);

    /** Its bytes are counted in 63 bits. */
    private static final String LARGEST = "8388607TB";

    /** Reads a text such as {@code 256MB}; empty where it is none, or one of too many bytes to count. */
    public static Optional<MemorySize> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            long unit = UNITS.getOrDefault(matcher.group(2), 1L);
            return Optional.of(new MemorySize(text, Math.multiplyExact(Long.parseLong(matcher.group(1)), unit)));
        } catch (ArithmeticException tooMany) {
            return Optional.empty();
        }
    }

    /** Reads a text such as {@code 256MB}. */
    public static MemorySize of(String text) {
        return parse(text)
                .orElseThrow(
                        () -> new IllegalArgumentException("must be a whole number with a unit kB, MB, GB or TB, of "
                                + LARGEST + " at most, got '" + text + "'; write it like 256MB"));
    }

    @Override
    public String toString() {
        return text;
    }
}
