package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.List;
import java.util.stream.Collectors;

/** A specification that cannot be built: everything that is wrong with it, at once. */
public final class InvalidSpecException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    /** Used by the generated builders where a required value is missing. */
    @Internal
    public InvalidSpecException(String message) {
        super(message);
        this.violations = List.of(new Violation("", missing(message)));
    }

    /** The generated text ends with a list of names. */
    private static String missing(String message) {
        int names = message.lastIndexOf('[');
        return names < 0
                ? message
                : "must have " + message.substring(names + 1, message.length() - 1) + ", got nothing; add it";
    }

    InvalidSpecException(String subject, List<Violation> violations) {
        super(text(subject, violations));
        this.violations = List.copyOf(violations);
    }

    /** What is wrong, in the order in which it was found. */
    public List<Violation> violations() {
        return violations;
    }

    private static String text(String subject, List<Violation> violations) {
        String count = violations.size() == 1 ? "1 violation" : violations.size() + " violations";
        return violations.stream()
                .map(violation -> "\n  " + violation)
                .collect(Collectors.joining("", "invalid " + subject + ", " + count + ":", ""));
    }
}
