package io.github.postgresqlha.configuration;

import java.util.List;
import java.util.Map;

/** A YAML value together with where it stands, so that an error can point at it. */
sealed interface YamlNode {

    Location location();

    /** A single value as it is written; null where YAML says so. */
    record Scalar(Location location, String text, boolean isNull) implements YamlNode {}

    /** Keys and values in their order. */
    record Mapping(Location location, Map<String, YamlNode> values, Map<String, Location> keys) implements YamlNode {}

    /** A list. */
    record Sequence(Location location, List<YamlNode> items) implements YamlNode {}

    /** What an error calls it. */
    default String kind() {
        if (this instanceof Scalar scalar) {
            return scalar.isNull() ? "nothing" : "'" + scalar.text() + "'";
        }
        return this instanceof Mapping ? "keys and values" : "a list";
    }
}
