package io.github.postgresqlha.spec;

import io.github.postgresqlha.postgresql.KnownParameter;
import io.github.postgresqlha.postgresql.ParameterCatalogue;
import io.github.postgresqlha.postgresql.PostgresVersion;
import java.util.Map;
import java.util.Optional;

/** Which names of parameters a specification may use: those that its PostgreSQL major knows. */
final class ParameterNames {

    /** What does the work of a name that is gone. */
    private static final Map<String, String> SUCCESSORS = Map.of(
            "io_workers", "io_min_workers and io_max_workers",
            "promote_trigger_file", "the trigger of this product",
            "vacuum_defer_cleanup_age", "hot_standby_feedback");

    private ParameterNames() {}

    /** What is wrong with a name in a file for this major, and what to write instead. An extension's own has a dot, and is not known here. */
    static Optional<String> problem(PostgresVersion version, String name) {
        Optional<KnownParameter> known = ParameterCatalogue.find(name);
        if (name.contains(".")
                || known.filter(parameter -> parameter.isIn(version)).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(known.map(parameter -> ofOtherMajors(version, name, parameter))
                .orElseGet(() -> "is no parameter of PostgreSQL " + version + "; "
                        + NearestKey.of(name, ParameterCatalogue.names(version))
                                .map(near -> "did you mean " + near + "?")
                                .orElse("remove it")));
    }

    private static String ofOtherMajors(PostgresVersion version, String name, KnownParameter parameter) {
        String remedy = Optional.ofNullable(SUCCESSORS.get(name))
                .filter(successor -> version.major() > parameter.last())
                .map(successor -> "use " + successor)
                .orElse("remove it");
        return "is a parameter of PostgreSQL " + parameter.majors() + ", not of " + version
                + ", whose server would not start; " + remedy;
    }
}
