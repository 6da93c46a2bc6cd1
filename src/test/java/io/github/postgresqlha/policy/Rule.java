package io.github.postgresqlha.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.postgresqlha.testing.Document;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What every object has to keep to.
 *
 * @param id under which failures name it
 * @param reason why
 * @param violations of an object: what is wrong with it
 */
record Rule(String id, String reason, Function<Document, List<String>> violations) {

    static Rule forObjects(String id, String reason, Predicate<JsonNode> keeps) {
        return new Rule(id, reason, document -> keeps.test(document.content()) ? List.of() : List.of("the object"));
    }

    static Rule forKind(String kind, String id, String reason, Predicate<JsonNode> keeps) {
        return forObjects(id, reason, object -> !object.path("kind").asText().equals(kind) || keeps.test(object));
    }

    static Rule forPods(String id, String reason, Predicate<JsonNode> keeps) {
        return new Rule(
                id,
                reason,
                document -> document.podSpec()
                        .filter(keeps.negate())
                        .map(pod -> List.of("its pod"))
                        .orElse(List.of()));
    }

    static Rule forContainers(String id, String reason, Predicate<JsonNode> keeps) {
        return new Rule(
                id,
                reason,
                document -> document.podSpec().stream()
                        .flatMap(
                                pod -> Stream.of("initContainers", "containers").map(pod::path))
                        .flatMap(containers -> StreamSupport.stream(containers.spliterator(), false))
                        .filter(keeps.negate())
                        .map(container -> "container " + container.path("name").asText())
                        .toList());
    }
}
