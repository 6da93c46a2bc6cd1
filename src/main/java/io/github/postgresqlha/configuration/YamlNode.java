package io.github.postgresqlha.configuration;

import io.github.postgresqlha.spec.Location;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A YAML value together with where it stands, so that an error can point at it. */
sealed interface YamlNode {

    Location location();

    /** A single value as it is written; null where YAML says so. */
    record Scalar(Location location, String text, @Nullable Object value) implements YamlNode {

        boolean isNull() {
            return value == null;
        }
    }

    /** Keys and values in their order. */
    record Mapping(Location location, Map<String, YamlNode> values, Map<String, Location> keys) implements YamlNode {}

    /** A list. */
    record Sequence(Location location, List<YamlNode> items) implements YamlNode {}

    /** Maps, lists and single values; what is null is left out. */
    default @Nullable Object plain() {
        if (this instanceof Mapping mapping) {
            Map<String, Object> plain = new LinkedHashMap<>();
            mapping.values()
                    .forEach(
                            (key, node) -> Optional.ofNullable(node.plain()).ifPresent(value -> plain.put(key, value)));
            return plain;
        }
        if (this instanceof Sequence sequence) {
            return sequence.items().stream()
                    .map(YamlNode::plain)
                    .filter(Objects::nonNull)
                    .collect(Collectors.toList());
        }
        return ((Scalar) this).value();
    }

    /** What an error calls it. */
    default String kind() {
        if (this instanceof Scalar scalar) {
            return scalar.isNull() ? "nothing" : "'" + scalar.text() + "'";
        }
        return this instanceof Mapping ? "keys and values" : "a list";
    }

    /** What an error calls a whole file. It may be no specification, but that of a password: nothing of it is repeated. */
    default String kindOfFile() {
        return this instanceof Scalar scalar && !scalar.isNull() ? "a single value" : kind();
    }
}
