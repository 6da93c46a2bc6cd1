package io.github.postgresqlha.postgresql;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a session may take for something. The unit is required, as PostgreSQL writes it; {@code 0} is no limit.
 *
 * @see <a href="https://www.postgresql.org/docs/17/runtime-config-client.html">Client connection defaults</a>
 */
public record SessionTimeout(String text) {

    /** PostgreSQL counts its milliseconds in 31 bits. */
    private static final Duration LONGEST = Duration.ofDays(24);

    private static final Pattern FORM = Pattern.compile("0|([1-9][0-9]{0,9})(ms|s|min|h|d)");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms",
            Duration.ofMillis(1),
            "s",
            Duration.ofSeconds(1),
            "min",
            Duration.ofMinutes(1),
            "h",
            Duration.ofHours(1),
            "d",
            Duration.ofDays(1));

    public SessionTimeout {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || length(matcher).compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "must be a whole number with a unit ms, s, min, h or d, of 24d at most, or 0 for no limit, got '"
                            + text + "'; write it like 30s");
        }
    }

    private static Duration length(Matcher matcher) {
        return Optional.ofNullable(matcher.group(2))
                .map(unit -> UNITS.getOrDefault(unit, Duration.ZERO).multipliedBy(Long.parseLong(matcher.group(1))))
                .orElse(Duration.ZERO);
    }

    @Override
    public String toString() {
        return text;
    }
}
