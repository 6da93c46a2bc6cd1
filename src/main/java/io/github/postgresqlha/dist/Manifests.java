package io.github.postgresqlha.dist;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.kubernetes.Generated;
import io.github.postgresqlha.kubernetes.ObjectContent;
import io.github.postgresqlha.plan.Part;
import io.github.postgresqlha.yaml.YamlDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The manifests: a file for each part, as cdk8s writes it. */
final class Manifests {

    /** What cdk8s writes first. */
    private static final List<String> FIRST = List.of("apiVersion", "kind", "metadata");

    private Manifests() {}

    /** File name to YAML, in the order of the parts. */
    static Map<String, String> of(List<Part> parts) {
        Map<String, String> files = new LinkedHashMap<>();
        parts.forEach(part -> files.put(
                part.id() + ".yaml",
                Generated.HEADER
                        + YamlDocument.all(
                                part.objects().stream().map(Manifests::document).toList())));
        return files;
    }

    private static Map<String, Object> document(HasMetadata object) {
        Map<String, Object> content = ObjectContent.of(object);
        Map<String, Object> document = new LinkedHashMap<>();
        FIRST.forEach(key -> document.put(key, content.get(key)));
        content.forEach(document::putIfAbsent);
        return document;
    }
}
