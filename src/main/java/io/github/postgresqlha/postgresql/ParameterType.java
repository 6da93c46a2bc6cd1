package io.github.postgresqlha.postgresql;

import java.util.List;

/**
 * Which values a parameter takes. A server that finds another one in its file does not start.
 *
 * @see <a href="https://www.postgresql.org/docs/17/config-setting.html#CONFIG-SETTING-NAMES-VALUES">Parameter names and values</a>
 */
public sealed interface ParameterType permits ParameterText, ParameterWord, ParameterNumber {

    /** Whether the server takes a value. */
    boolean takes(String value);

    /** What it takes, as a message goes on after "must be". */
    String described();

    /** Reads what the catalogue says behind a name: nothing, {@code switch}, {@code word a,b}, {@code whole 0 10 kB}, {@code number 0 1}. */
    static ParameterType parse(String text) {
        String[] parts = text.split(" ", 2);
        return switch (parts[0]) {
            case "" -> new ParameterText();
            case "switch" -> ParameterWord.SWITCH;
            case "word" -> new ParameterWord(List.of(parts[1].split(",", -1)), false);
            default -> ParameterNumber.parse(text);
        };
    }
}
