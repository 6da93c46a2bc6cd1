package io.github.postgresqlha.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One Kubernetes object as a file of manifests has it. */
public record Document(Path file, JsonNode content) {

    private static final YAMLMapper MAPPER = new YAMLMapper();

    /** Every object of every example, {@code dist/} among them. */
    public static Stream<Document> all() {
        return Examples.all().entrySet().stream()
                .flatMap(example -> Examples.manifests(example.getValue()).stream()
                        .flatMap(file -> parse(Path.of(example.getKey(), file.path()), file.content()).stream()));
    }

    /** The objects of a file. */
    public static List<Document> read(Path file) {
        return parse(file, Project.read(file));
    }

    /** The objects of a text. */
    public static List<Document> parse(Path file, String text) {
        try (MappingIterator<JsonNode> documents =
                MAPPER.readerFor(JsonNode.class).readValues(text)) {
            return documents.readAll().stream()
                    .filter(JsonNode::isObject)
                    .map(node -> new Document(file, node))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String kind() {
        return content.path("kind").asText();
    }

    public String name() {
        return content.at("/metadata/name").asText();
    }

    /** The specification of its pods, where it is a workload. */
    public Optional<JsonNode> podSpec() {
        return podTemplate().map(template -> template.path("spec"));
    }

    /** The template of its pods, where it is a workload. */
    public Optional<JsonNode> podTemplate() {
        JsonNode template = content.at(kind().equals("CronJob") ? "/spec/jobTemplate/spec/template" : "/spec/template");
        return template.isObject() ? Optional.of(template) : Optional.empty();
    }

    @Override
    public String toString() {
        return file.getFileName() + ": " + kind() + " " + name();
    }
}
