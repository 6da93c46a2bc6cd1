package io.github.postgresqlha.configuration;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.github.postgresqlha.spec.Location;
import io.github.postgresqlha.spec.Violation;
import io.github.postgresqlha.spec.Violations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one YAML document into nodes that know where they stand. */
final class YamlTree {

    private final YAMLParser parser;
    private final Violations violations;

    private YamlTree(YAMLParser parser, Violations violations) {
        this.parser = parser;
        this.violations = violations;
    }

    /** The document's root. Throws what the parser says where the text is no YAML, or where it is empty. */
    static YamlNode read(String text, Violations violations) {
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            YamlTree tree = new YamlTree(parser, violations);
            if (parser.nextToken() == null) {
                violations.add(new Violation("", "is empty; write at least one key, as name: postgresql"));
                violations.throwIfAny();
            }
            YamlNode root = tree.node("");
            if (parser.nextToken() != null) {
                tree.refuse("", tree.location(), "holds more than one document; keep one");
            }
            return root;
        } catch (JsonProcessingException syntax) {
            violations.add(YamlSyntax.violation(syntax));
            violations.throwIfAny();
            throw new AssertionError(syntax);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private YamlNode node(String path) throws IOException {
        Location location = location();
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return mapping(path, location);
        }
        if (token == JsonToken.START_ARRAY) {
            List<YamlNode> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(node(path + "[" + items.size() + "]"));
            }
            return new YamlNode.Sequence(location, items);
        }
        if (parser.isCurrentAlias()) {
            refuse(path, location, "has an alias *" + parser.getText() + "; write the value there as well");
        }
        return new YamlNode.Scalar(location, parser.getText(), value(token));
    }

    /** As YAML 1.1 reads it, with which Kubernetes' tools go. */
    private @Nullable Object value(JsonToken token) throws IOException {
        String text = parser.getText();
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> text.matches("0[0-7]+") ? new BigInteger(text, 8) : parser.getNumberValue();
            // What is infinite, or no number, is none of JSON.
            case VALUE_NUMBER_FLOAT -> text.matches("[-+]?\\.[A-Za-z]+") ? text : parser.getDoubleValue();
            default -> text;
        };
    }

    private YamlNode mapping(String path, Location location) throws IOException {
        Map<String, YamlNode> values = new LinkedHashMap<>();
        Map<String, Location> keys = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            Location at = location();
            parser.nextToken();
            String below = path.isEmpty() ? key : path + "." + key;
            YamlNode value = node(below);
            Location before = keys.putIfAbsent(key, at);
            if (before == null) {
                values.put(key, value);
            } else {
                refuse(below, at, "stands twice, first in " + before + "; keep one of the two");
            }
        }
        return new YamlNode.Mapping(location, values, keys);
    }

    private void refuse(String path, Location location, String message) {
        violations.add(new Violation(path, message, Optional.of(location)));
    }

    private Location location() {
        return location(parser.currentTokenLocation());
    }

    private static Location location(JsonLocation at) {
        return new Location(at.getLineNr(), at.getColumnNr());
    }
}
