package io.github.postgresqlha.configuration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.postgresqlha.PostgresqlHaSpec;
import io.github.postgresqlha.postgresql.PostgresVersion;
import java.util.List;
import java.util.Map;

/** The JSON Schema of {@code postgresql-ha.yaml}, with which editors complete and check it. */
public final class SpecSchema {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** JSON's types of single values; all others are written as strings. */
    private static final Map<Class<?>, String> TYPES =
            Map.of(int.class, "integer", long.class, "integer", double.class, "number", boolean.class, "boolean");

    private SpecSchema() {}

    /** The schema as text. */
    public static String render() {
        ObjectNode schema = MAPPER.createObjectNode();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("title", ConfigurationFile.NAME);
        schema.setAll(object(PostgresqlHaSpec.class, PostgresqlHaSpec.builder().build()));
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        try {
            return MAPPER.writer(printer).writeValueAsString(schema) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static ObjectNode object(Class<?> spec, Object defaults) {
        ObjectNode schema = MAPPER.createObjectNode();
        schema.put("type", "object");
        schema.put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        for (SpecKey key : SpecKey.of(spec)) {
            properties.set(key.name(), property(key, key.valueOf(defaults)));
        }
        return schema;
    }

    private static ObjectNode property(SpecKey key, Object value) {
        ObjectNode property;
        if (key.isList()) {
            property = MAPPER.createObjectNode().put("type", "array");
            property.set("items", SpecKey.isSpec(key.type()) ? item(key.type()) : single(key.type()));
        } else if (key.isMap()) {
            property = MAPPER.createObjectNode().put("type", "object");
            property.putObject("additionalProperties")
                    .putArray("type")
                    .add("string")
                    .add("number")
                    .add("boolean");
        } else if (SpecKey.isSpec(key.type())) {
            property = object(key.type(), key.isOptional() ? SpecBuilder.defaults(key.type()) : value);
        } else {
            property = single(key.type());
            if (!key.isOptional()) {
                property.set("default", TYPES.containsKey(key.type()) ? MAPPER.valueToTree(value) : written(value));
            }
        }
        return property.put("description", key.description());
    }

    /** An item of a list has no defaults of its own: all its keys are maps. */
    private static ObjectNode item(Class<?> type) {
        ObjectNode schema = MAPPER.createObjectNode().put("type", "object").put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        for (SpecKey key : SpecKey.of(type)) {
            properties.set(key.name(), property(key, Map.of()));
        }
        return schema;
    }

    /** As one writes it in the file: a PostgreSQL major as a number, all else as text. */
    private static JsonNode written(Object value) {
        String text = value.toString();
        return value instanceof PostgresVersion ? MAPPER.valueToTree(Integer.valueOf(text)) : MAPPER.valueToTree(text);
    }

    private static ObjectNode single(Class<?> type) {
        ObjectNode schema = MAPPER.createObjectNode();
        List<?> constants = ScalarTypes.constants(type);
        if (!constants.isEmpty()) {
            constants.forEach(constant -> schema.withArray("enum").add(written(constant)));
            return schema;
        }
        if (TYPES.containsKey(type)) {
            return schema.put("type", TYPES.get(type));
        }
        // YAML reads an unquoted 1 or 17 as a number, and a quantity may be one.
        schema.withArray("type").add("string").add("number");
        return schema;
    }
}
