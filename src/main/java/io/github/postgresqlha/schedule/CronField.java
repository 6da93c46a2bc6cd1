package io.github.postgresqlha.schedule;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of the five fields of a schedule, as Kubernetes reads it: numbers or names, ranges, steps and lists of them. */
enum CronField {
    MINUTE("minute", 0, 59, ""),
    HOUR("hour", 0, 23, ""),
    DAY_OF_MONTH("day-of-month", 1, 31, ""),
    MONTH("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
    /** Sunday is 0; Kubernetes refuses 7. */
    DAY_OF_WEEK("day-of-week", 0, 6, "sun mon tue wed thu fri sat");

    private static final Pattern PART = Pattern.compile(
            "(?:[*?]|(?<first>[0-9]{1,3}|[a-z]{3})(?:-(?<last>[0-9]{1,3}|[a-z]{3}))?)(?:/(?<step>[0-9]{1,3}))?");

    private final String title;
    private final int least;
    private final int most;
    private final String names;

    CronField(String title, int least, int most, String names) {
        this.title = title;
        this.least = least;
        this.most = most;
        this.names = names;
    }

    /** The values that a text names. Throws {@link IllegalArgumentException} where it names none. */
    BitSet values(String text) {
        BitSet values = new BitSet(most + 1);
        for (String part : text.toLowerCase(Locale.ROOT).split(",", -1)) {
            Matcher matcher = PART.matcher(part);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(title + " '" + part + "' is no number, range or step");
            }
            add(matcher, values);
        }
        return values;
    }

    /** Whether it leaves every value open: a step of more than one does not. */
    static boolean isOpen(String text) {
        return List.of(text.split(",", -1)).stream().anyMatch(part -> part.matches("[*?](/0*1)?"));
    }

    private void add(Matcher part, BitSet values) {
        String first = part.group("first");
        String last = part.group("last");
        int step = part.group("step") == null ? 1 : Integer.parseInt(part.group("step"));
        int from = first == null ? least : number(first);
        int open = first == null || part.group("step") != null ? most : from;
        int to = last == null ? open : number(last);
        if (step < 1 || from > to) {
            throw new IllegalArgumentException(
                    title + " '" + part.group() + (step < 1 ? "' has no step" : "' ends before it begins"));
        }
        for (int value = from; value <= to; value += step) {
            values.set(value);
        }
    }

    private int number(String text) {
        int name = List.of(names.split(" ", -1)).indexOf(text);
        if (name >= 0) {
            return name + least;
        }
        int value = Character.isDigit(text.charAt(0)) ? Integer.parseInt(text) : -1;
        if (value < least || value > most) {
            throw new IllegalArgumentException(title + " " + text + " is not " + least + " to " + most);
        }
        return value;
    }
}
