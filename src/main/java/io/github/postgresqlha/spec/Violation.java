package io.github.postgresqlha.spec;

import io.github.postgresqlha.text.Printable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One thing that is wrong with a specification.
 *
 * @param path the key, as {@code backup.schedule}
 * @param message what is wrong, the value, what to do: {@code must be 1 to 9, got 10; lower it}
 * @param location where the file says so; empty where no file does, or a default is wrong
 */
public record Violation(String path, String message, Optional<Location> location) {

    private static final Pattern VALUE =
            Pattern.compile(", got (?:'(?<quoted>.*?)'(?=[;,: ]|$)|(?<plain>.+?)(?=; |: | \\(| with |$))");

    /** What a file says is shown on one line, and tells a terminal nothing. */
    public Violation {
        path = Printable.of(path);
        message = Printable.of(message);
    }

    /** One that no file says. */
    public Violation(String path, String message) {
        this(path, message, Optional.empty());
    }

    /** The same below another key. */
    public Violation under(String parent) {
        return new Violation(path.isEmpty() ? parent : parent + "." + path, message, location);
    }

    /** The value that is wrong; empty where there is none, or none that may be repeated. */
    public Optional<String> value() {
        Matcher value = VALUE.matcher(message);
        return value.find()
                ? Optional.ofNullable(value.group("quoted")).or(() -> Optional.of(value.group("plain")))
                : Optional.empty();
    }

    /** What to do; empty where the message does not say it. */
    public Optional<String> remedy() {
        Matcher value = VALUE.matcher(message);
        int end = message.indexOf("; ", value.find() ? value.end() : 0);
        return end < 0 ? Optional.empty() : Optional.of(message.substring(end + 2));
    }

    @Override
    public String toString() {
        return (path.isEmpty() ? message : path + ": " + message)
                + location.map(at -> " (" + at + ")").orElse("");
    }
}
