package io.github.postgresqlha.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A file in which a key has its default, and the same with another value. */
record KeyExample(ExplainedKey key) {

    private static final YAMLMapper YAML = new YAMLMapper();

    String before() {
        return key.beside().orElse("name: postgresql");
    }

    /** The file with the key's own example. */
    String after() {
        return with(key.example().orElseThrow());
    }

    String with(String value) {
        try {
            ObjectNode file = (ObjectNode) YAML.readTree(before());
            ObjectNode around = file;
            String[] names = key.path().split("\\.", -1);
            for (int i = 0; i < names.length - 1; i++) {
                around = names[i].endsWith("[]")
                        ? (ObjectNode) around.path(names[i].replace("[]", "")).path(0)
                        : around.withObjectProperty(names[i]);
            }
            JsonNode read = YAML.readTree(value);
            around.set(key.name(), read);
            return YAML.writeValueAsString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return key.path();
    }
}
