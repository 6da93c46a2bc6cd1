package io.github.postgresqlha;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.kubernetes.Generated;
import io.github.postgresqlha.kubernetes.ObjectContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cdk8s.Chart;
import org.cdk8s.Yaml;

/**
 * A chart as one file for each {@link Manifest} in it, in the chart's order.
 *
 * <p>cdk8s writes the whole chart in one message; each object goes to the file of the manifest that added it, and what
 * the user of the library added to the chart beside them to a file of the chart's own name.
 */
final class ManifestFiles {

    private ManifestFiles() {}

    /** File name to YAML. */
    static Map<String, String> of(Chart chart, List<Manifest> manifests) {
        Map<String, String> fileOf = new LinkedHashMap<>();
        Map<String, List<Object>> documents = new LinkedHashMap<>();
        for (Manifest manifest : manifests) {
            String file = manifest.id() + ".yaml";
            documents.put(file, new ArrayList<>());
            manifest.objects().forEach(object -> fileOf.put(key(object), file));
        }
        for (Object document : (List<?>) chart.toJson()) {
            String file = Optional.ofNullable(fileOf.get(key((Map<?, ?>) document)))
                    .orElseGet(() -> chart.getNode().getId() + ".yaml");
            documents.computeIfAbsent(file, name -> new ArrayList<>()).add(document);
        }
        documents.values().removeIf(List::isEmpty);
        Map<String, String> files = new LinkedHashMap<>();
        documents.forEach((file, objects) -> files.put(file, Generated.HEADER + Yaml.stringify(objects.toArray())));
        return files;
    }

    private static String key(HasMetadata object) {
        return key(ObjectContent.of(object));
    }

    private static String key(Map<?, ?> document) {
        Map<?, ?> metadata = document.get("metadata") instanceof Map<?, ?> fields ? fields : Map.of();
        return Stream.of(
                        document.get("apiVersion"),
                        document.get("kind"),
                        metadata.get("namespace"),
                        metadata.get("name"))
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
    }
}
