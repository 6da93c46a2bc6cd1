package io.github.postgresqlha.status;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Figures as people read them; a dash where one is not known. */
final class Phrases {

    private static final String UNKNOWN = "-";
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Phrases() {}

    static String number(OptionalLong number) {
        return number.isPresent() ? String.valueOf(number.getAsLong()) : UNKNOWN;
    }

    static String percent(OptionalLong percent) {
        return percent.isPresent() ? percent.getAsLong() + " %" : UNKNOWN;
    }

    static String bytes(OptionalLong bytes) {
        if (bytes.isEmpty()) {
            return UNKNOWN;
        }
        double amount = bytes.getAsLong();
        int unit = 0;
        while (amount >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return unit == 0
                ? bytes.getAsLong() + " B"
                : String.format(Locale.ROOT, amount < 10 ? "%.1f %s" : "%.0f %s", amount, UNITS[unit]);
    }

    /** As 17.10 of 170010. */
    static String version(OptionalLong version) {
        return version.isPresent() ? version.getAsLong() / 10000 + "." + version.getAsLong() % 10000 : UNKNOWN;
    }

    static String lag(Health.Member member) {
        if (member.role().equals("primary") || member.lagBytes().isEmpty()) {
            return UNKNOWN;
        }
        return bytes(member.lagBytes())
                + (member.lagSeconds().isPresent() ? ", " + member.lagSeconds().getAsLong() + " s" : "");
    }

    static String connections(Health.Member member) {
        return member.connections().isPresent()
                ? number(member.connections()) + " of " + number(member.maxConnections())
                : UNKNOWN;
    }

    static String ago(Optional<Instant> then, Instant now) {
        if (then.isEmpty()) {
            return "none known";
        }
        Duration age = Duration.between(then.get(), now);
        return age.isNegative() ? "in the future" : span(age) + " ago";
    }

    static String left(Optional<Instant> end, Instant now) {
        if (end.isEmpty()) {
            return UNKNOWN;
        }
        Duration left = Duration.between(now, end.get());
        return left.isNegative() ? "ended" : span(left);
    }

    private static String span(Duration span) {
        if (span.toHours() >= 48) {
            return span.toDays() + " days";
        }
        if (span.toMinutes() >= 120) {
            return span.toHours() + " h";
        }
        return span.toSeconds() >= 120 ? span.toMinutes() + " min" : span.toSeconds() + " s";
    }
}
