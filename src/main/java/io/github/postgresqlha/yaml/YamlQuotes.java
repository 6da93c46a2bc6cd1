package io.github.postgresqlha.yaml;

import java.util.Locale;

/** A string in quotes: in single ones where it has double ones alone, which then need no escapes. */
final class YamlQuotes {

    /** Shorter strings keep their line ends as escapes. */
    private static final int SHORTEST_BROKEN = 40;

    private YamlQuotes() {}

    static String of(String text, String indent) {
        return text.contains("\"") && !text.contains("'") && !text.contains("\n")
                ? "'" + text + "'"
                : escaped(text, indent, false);
    }

    /**
     * In double quotes.
     *
     * @param key stands on one line
     */
    static String escaped(String text, String indent, boolean key) {
        boolean broken = !key && json(text).length() >= SHORTEST_BROKEN;
        StringBuilder result = new StringBuilder("\"");
        int last = text.length() - 1;
        for (int i = 0; i <= last; i++) {
            char character = text.charAt(i);
            if (character == ' ' && i < last && text.charAt(i + 1) == '\n') {
                result.append("\\ ");
            } else if (character == '\n' && broken && i < last) {
                i = breakLine(text, i, indent, result);
            } else {
                result.append(escape(text, i));
            }
        }
        return result.append('"').toString();
    }

    /** Folding eats the first line end. Gives the place of the last character that is written. */
    private static int breakLine(String text, int at, String indent, StringBuilder result) {
        int i = at;
        result.append("\n\n");
        while (i + 2 < text.length() && text.charAt(i + 1) == '\n') {
            result.append('\n');
            i++;
        }
        result.append(indent);
        if (text.charAt(i + 1) == ' ') {
            result.append('\\');
        }
        return i;
    }

    /** Of YAML 1.1 no character to print, or a line end, or a byte order mark: a reader refuses it, or makes something else of it. */
    static boolean isHidden(char character) {
        return (character >= 0x7f && character <= 0x9f)
                || character == 0x2028
                || character == 0x2029
                || character == 0xfeff
                || character >= 0xfffe;
    }

    private static String json(String text) {
        StringBuilder result = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            String escape = escape(text, i);
            result.append(escape.startsWith("\\x") ? "\\u00" + escape.substring(2) : escape);
        }
        return result.append('"').toString();
    }

    private static String escape(String text, int at) {
        char character = text.charAt(at);
        return switch (character) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case 0x00 -> "\\0";
            case 0x07 -> "\\a";
            case 0x0b -> "\\v";
            case 0x1b -> "\\e";
            default -> rare(text, at);
        };
    }

    private static String rare(String text, int at) {
        char character = text.charAt(at);
        if (character < ' ') {
            return String.format(Locale.ROOT, "\\x%02x", (int) character);
        }
        if (isHidden(character)) {
            return String.format(Locale.ROOT, "\\u%04x", (int) character);
        }
        boolean pair = Character.isHighSurrogate(character)
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
        return Character.isSurrogate(character) && !pair
                ? String.format(Locale.ROOT, "\\u%04x", (int) character)
                : String.valueOf(character);
    }
}
