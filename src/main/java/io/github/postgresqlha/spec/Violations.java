package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with one specification, so that all of it is said at once. */
@Internal
public final class Violations {

    /** Of what no file says: after all that it says. */
    private static final Location NOWHERE = new Location(Integer.MAX_VALUE, 0);

    private static final Comparator<Violation> BY_LOCATION = Comparator.comparing(
            violation -> violation.location().orElse(NOWHERE),
            Comparator.comparingInt(Location::line).thenComparingInt(Location::column));

    private final String subject;
    private final List<Violation> found = new ArrayList<>();

    /** @param subject what is checked: the specification's type, or the file */
    public Violations(String subject) {
        this.subject = subject;
    }

    /** Adds a violation unless the rule holds. The message says what is wrong, the value, and what to do. */
    public Violations require(boolean holds, String path, String message) {
        if (!holds) {
            add(new Violation(path, message));
        }
        return this;
    }

    /** Adds a violation. */
    public void add(Violation violation) {
        found.add(violation);
    }

    /** Adds all violations of a specification that is the value of a key here. */
    public void addAll(String parent, InvalidSpecException nested) {
        nested.violations().forEach(violation -> add(violation.under(parent)));
    }

    /** Whether nothing was found. */
    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** Ends the check: first what the file says, in its order, then what it leaves out. */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidSpecException(
                    subject, found.stream().sorted(BY_LOCATION).toList());
        }
    }
}
