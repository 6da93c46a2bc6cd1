package io.github.postgresqlha.configuration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.postgresqlha.postgresql.PostgresVersion;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The JSON Schema of {@code postgresql-ha.yaml}, with which editors complete and check it. */
public final class SpecSchema {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** JSON's types of single values; all others are written as strings. */
    private static final Map<Class<?>, String> TYPES = Map.of(
            int.class,
            "integer",
            Integer.class,
            "integer",
            long.class,
            "integer",
            double.class,
            "number",
            boolean.class,
            "boolean",
            Boolean.class,
            "boolean");

    private SpecSchema() {}

    /** The schema as text. */
    public static String render() {
        ObjectNode schema = MAPPER.createObjectNode();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("title", ConfigurationFile.NAME);
        schema.setAll(object(
                PostgresqlHaSpec.class, Optional.of(PostgresqlHaSpec.builder().build())));
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        try {
            return MAPPER.writer(printer).writeValueAsString(schema) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Without defaults where a required key of it has none: an item of a list, or a part that is absent by default. */
    private static ObjectNode object(Class<?> spec, Optional<?> defaults) {
        ObjectNode schema = MAPPER.createObjectNode();
        schema.put("type", "object");
        schema.put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        for (SpecKey key : SpecKey.of(spec)) {
            properties.set(key.name(), property(key, defaults.map(key::valueOf)));
        }
        return schema;
    }

    private static ObjectNode property(SpecKey key, Optional<?> value) {
        ObjectNode property;
        if (key.isList()) {
            property = list(key);
        } else if (key.isMap()) {
            property = MAPPER.createObjectNode().put("type", "object");
            property.set("additionalProperties", value(key.valueType()));
        } else if (SpecKey.isSpec(key.type())) {
            property = object(key.type(), key.isOptional() ? Optional.empty() : value);
        } else {
            property = single(key.type());
            if (!key.isOptional() && value.isPresent()) {
                Object known = value.get();
                property.set("default", TYPES.containsKey(key.type()) ? MAPPER.valueToTree(known) : written(known));
            }
        }
        return property.put("description", key.description());
    }

    /** Of a map: a text may be written as a number, or as true and false. */
    private static ObjectNode value(Class<?> type) {
        ObjectNode schema = single(type);
        if (type == String.class) {
            schema.withArray("type").add("boolean");
        }
        return schema;
    }

    private static ObjectNode list(SpecKey key) {
        ObjectNode list = MAPPER.createObjectNode().put("type", "array");
        list.set("items", SpecKey.isSpec(key.type()) ? object(key.type(), Optional.empty()) : single(key.type()));
        if (key.word().isEmpty()) {
            return list;
        }
        ObjectNode either = MAPPER.createObjectNode();
        either.withArray("anyOf").addObject().withArray("enum").add(key.word());
        either.withArray("anyOf").add(list);
        return either;
    }

    /** As one writes it in the file: a PostgreSQL major as a number, true and false as YAML's own, all else as text. */
    private static JsonNode written(Object value) {
        String text = value.toString();
        if (text.equals("true") || text.equals("false")) {
            return MAPPER.valueToTree(Boolean.valueOf(text));
        }
        return value instanceof PostgresVersion ? MAPPER.valueToTree(Integer.valueOf(text)) : MAPPER.valueToTree(text);
    }

    private static ObjectNode single(Class<?> type) {
        ObjectNode schema = MAPPER.createObjectNode();
        List<?> constants = ScalarTypes.constants(type);
        if (!constants.isEmpty()) {
            constants.forEach(constant -> schema.withArray("enum").add(written(constant)));
            return schema;
        }
        if (KubernetesTypes.contain(type)) {
            return schema.put("type", "object");
        }
        if (TYPES.containsKey(type)) {
            return schema.put("type", TYPES.get(type));
        }
        // YAML reads an unquoted 1 or 17 as a number, and a quantity may be one.
        schema.withArray("type").add("string").add("number");
        return schema;
    }
}
