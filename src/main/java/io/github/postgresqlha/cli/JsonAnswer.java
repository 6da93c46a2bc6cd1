package io.github.postgresqlha.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.postgresqlha.spec.Violation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What programs are told of a specification: one object on one line. Its fields are described in {@code docs/reference/pgha.md}. */
final class JsonAnswer {

    private final Map<String, Object> fields = new LinkedHashMap<>();

    private JsonAnswer(String file, List<Map<String, Object>> violations, List<String> warnings) {
        fields.put("file", file);
        fields.put("valid", violations.isEmpty());
        fields.put("violations", violations);
        fields.put("warnings", warnings);
    }

    /** Of a specification that is taken. */
    static JsonAnswer taken(String file, List<String> warnings) {
        return new JsonAnswer(file, List.of(), warnings);
    }

    /** Of one that is refused. */
    static JsonAnswer refused(String file, List<Violation> violations) {
        List<Map<String, Object>> all =
                violations.stream().map(violation -> violation(file, violation)).toList();
        return new JsonAnswer(file, all, List.of());
    }

    /** One field more. */
    JsonAnswer with(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    String text() throws JsonProcessingException {
        return Json.of(fields);
    }

    /** What is not known has no field. */
    private static Map<String, Object> violation(String file, Violation violation) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("key", violation.path());
        fields.put("file", file);
        violation.location().ifPresent(at -> {
            fields.put("line", at.line());
            fields.put("column", at.column());
        });
        fields.put("message", violation.message());
        violation.value().ifPresent(value -> fields.put("value", value));
        violation.remedy().ifPresent(remedy -> fields.put("remedy", remedy));
        return fields;
    }
}
