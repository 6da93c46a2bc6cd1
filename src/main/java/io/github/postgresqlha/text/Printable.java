package io.github.postgresqlha.text;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A text as it may be shown: on one line, in the order in which it is written, with nothing that a terminal would act on. */
public final class Printable {

    /** Control characters of ASCII and of C1, what turns the direction of a line or cannot be seen, and Unicode's own line breaks. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\x{2028}\\x{2029}]");

    private Printable() {}

    /** The text, with an escape as JSON has it in place of each such character. */
    public static String of(String text) {
        return UNPRINTABLE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(escaped(found.group())));
    }

    private static String escaped(String character) {
        return character
                .chars()
                .mapToObj(unit -> String.format(Locale.ROOT, "\\u%04x", unit))
                .collect(Collectors.joining());
    }
}
