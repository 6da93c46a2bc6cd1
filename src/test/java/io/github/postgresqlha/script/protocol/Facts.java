package io.github.postgresqlha.script.protocol;

import java.util.Arrays;
import java.util.List;

/** What a member knows when it decides, packed into a long; a fact that is not set has the value "none". */
enum Facts {
    DATA("whole", "half"),
    PEER("down", "unknown", "foreign", "recovery", "primary"),
    ORDER("newer", "same", "older"),
    FIRST("yes", "no"),
    LAST("primary", "standby"),
    COPIED("yes", "no"),
    MADE("yes"),
    BEAT("fresh", "stale"),
    INTENT("opening", "promoting"),
    STREAM("yes"),
    STUCK("yes"),
    TWIN("yes"),
    WAL("there", "gone"),
    TRIGGER("asked", "late", "force"),
    LOOK("fresh"),
    GIVEN("promise"),
    GOT("promise", "ended"),
    WHY("alone", "place", "promised", "promoted", "forced");

    private static final int BITS = 3;
    private static final long VALUE = (1L << BITS) - 1;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
    private final List<String> values;

    @SuppressWarnings("EnumOrdinal") // states and facts are packed by number, within one run only
    private final int shift = ordinal() * BITS;

    Facts(String... values) {
        this.values = List.of(values);
    }

    /** The values beside "none". */
    List<String> known() {
        return values;
    }

    String key() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    long mask() {
        return VALUE << shift;
    }

    /** This fact alone; number 0 is "none". */
    long of(int number) {
        return (long) number << shift;
    }

    long of(String value) {
        int number = value.equals("none") ? 0 : values.indexOf(value) + 1;
        if (number == 0 && !value.equals("none")) {
            throw new IllegalArgumentException("the fact " + key() + " has no value " + value);
        }
        return of(number);
    }

    static Facts named(String key) {
        return Arrays.stream(values())
                .filter(fact -> fact.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no fact " + key));
    }

    /** The arguments that tell the shell the same. */
    static String arguments(long facts) {
        StringBuilder text = new StringBuilder();
        for (Facts fact : values()) {
            int number = (int) ((facts & fact.mask()) >> fact.shift);
            if (number > 0) {
                text.append(' ').append(fact.key()).append('=').append(fact.values.get(number - 1));
            }
        }
        return text.toString();
    }
}
