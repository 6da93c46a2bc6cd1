package io.github.postgresqlha.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/**
 * One part of an installation: a file of {@code dist/}, a construct of a chart.
 *
 * @param id the file's name without its ending, and the construct's id
 * @param objects in the order in which they are applied
 */
public record Part(PartName name, String id, List<HasMetadata> objects) {

    public Part {
        objects = List.copyOf(objects);
    }
}
