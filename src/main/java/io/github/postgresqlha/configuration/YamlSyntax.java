package io.github.postgresqlha.configuration;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.postgresqlha.spec.Location;
import io.github.postgresqlha.spec.Violation;
import java.util.Optional;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** What is wrong with a text that is no YAML, and where: the reader's own message begins with what it was at, and ends with a copy of the text. */
final class YamlSyntax {

    private YamlSyntax() {}

    static Violation violation(JsonProcessingException syntax) {
        for (Throwable cause = syntax; cause != null; cause = cause.getCause()) {
            if (cause instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
                Location at = new Location(
                        marked.getProblemMark().getLine() + 1,
                        marked.getProblemMark().getColumn() + 1);
                return violation(String.valueOf(marked.getProblem()), Optional.of(at));
            }
        }
        String message = String.valueOf(syntax.getOriginalMessage()).strip();
        String first = message.lines().findFirst().orElse("it cannot be read");
        return violation(
                first.startsWith("Expected a field name") ? "a key is no single word" : first,
                Optional.ofNullable(syntax.getLocation()).map(at -> new Location(at.getLineNr(), at.getColumnNr())));
    }

    private static Violation violation(String problem, Optional<Location> at) {
        return new Violation("", "is no YAML: " + problem.strip() + "; correct it there", at);
    }
}
