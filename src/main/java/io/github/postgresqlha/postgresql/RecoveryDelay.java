package io.github.postgresqlha.postgresql;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How late a standby applies what it has received. The unit is required, as PostgreSQL writes it.
 *
 * @see <a href="https://www.postgresql.org/docs/17/runtime-config-replication.html#GUC-RECOVERY-MIN-APPLY-DELAY">recovery_min_apply_delay</a>
 */
public record RecoveryDelay(String text) {

    /** PostgreSQL counts its milliseconds in 31 bits. */
    private static final Duration LONGEST = Duration.ofDays(24);

    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,6})(s|min|h|d)");
    private static final Map<String, Duration> UNITS = Map.of(
            "s",
            Duration.ofSeconds(1),
            "min",
            Duration.ofMinutes(1),
            "h",
            Duration.ofHours(1),
            "d",
            Duration.ofDays(1));

    public RecoveryDelay {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || length(matcher).compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "must be a whole number with a unit s, min, h or d, of 24d at most, got '" + text
                            + "'; write it like 4h");
        }
    }

    private static Duration length(Matcher matcher) {
        return Optional.ofNullable(UNITS.get(matcher.group(2)))
                .orElseThrow()
                .multipliedBy(Long.parseLong(matcher.group(1)));
    }

    @Override
    public String toString() {
        return text;
    }
}
