package io.github.postgresqlha.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.edit.EditRules;
import io.github.postgresqlha.edit.Edits;
import io.github.postgresqlha.spec.Violations;
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

    Part edited(Edits edits, Violations violations) {
        return new Part(
                name,
                id,
                objects.stream()
                        .map(object -> edited(object, edits, violations))
                        .toList());
    }

    private static HasMetadata edited(HasMetadata object, Edits edits, Violations violations) {
        HasMetadata edited = edits.apply(object);
        if (edited != object) {
            EditRules.check(object, edited, violations);
        }
        return edited;
    }
}
