package io.github.postgresqlha.spec;

import io.github.postgresqlha.postgresql.Audit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** What puts the values of statements into the log. Whoever may read a pod's log reads them. */
final class LoggedValues {

    /** Parameters that log the text of a statement, and with which values they do not. */
    private static final Map<String, Predicate<String>> TEXTS = Map.of(
            "log_min_duration_statement", "-1"::equals,
            "log_min_duration_sample", "-1"::equals,
            "log_min_error_statement", "panic"::equals,
            "log_statement", "none"::equals);

    private LoggedValues() {}

    /** A line for each. */
    static List<String> warnings(PostgresqlHaSpec spec) {
        List<String> warnings = new ArrayList<>();
        Map<String, String> parameters = spec.configuration().parameters();
        if (spec.audit() != Audit.OFF && !Audit.hasPgaudit(parameters.getOrDefault("shared_preload_libraries", ""))) {
            warnings.add(
                    "audit: the log holds statements with the values in them, the password of an ALTER ROLE among them;"
                            + " let only those read it who may know them, or load pgaudit, which leaves such a password out");
        }
        parameters.forEach((name, value) -> {
            if (TEXTS.containsKey(name) && !TEXTS.get(name).test(value.strip().toLowerCase(Locale.ROOT))) {
                warnings.add("configuration.parameters." + name + ": the log holds statements with the values in them;"
                        + " let only those read it who may know them, or leave it out");
            }
        });
        return warnings;
    }
}
