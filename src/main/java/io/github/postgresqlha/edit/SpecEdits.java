package io.github.postgresqlha.edit;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.github.postgresqlha.annotation.Internal;
import io.github.postgresqlha.spec.MetadataSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;

/** The edits that a specification asks for by its keys. */
@Internal
public final class SpecEdits {

    private SpecEdits() {}

    /** No change where none of those keys is given. */
    public static Edits of(PostgresqlHaSpec spec) {
        return metadata(spec.metadata()).and(scheduling(spec)).and(additions(spec));
    }

    private static Edits metadata(MetadataSpec spec) {
        return spec.labels().isEmpty() && spec.annotations().isEmpty()
                ? Edits.none()
                : Edits.of(
                        ObjectMetaBuilder.class,
                        metadata -> metadata.addToLabels(spec.labels()).addToAnnotations(spec.annotations()));
    }

    private static Edits scheduling(PostgresqlHaSpec spec) {
        Scheduling scheduling = new Scheduling(spec.scheduling());
        return scheduling.isDefault() ? Edits.none() : Edits.of(PodSpecBuilder.class, scheduling::edit);
    }

    private static Edits additions(PostgresqlHaSpec spec) {
        PodAdditions additions = new PodAdditions(spec.extraEnv(), spec.extraVolumes(), spec.sidecars());
        return additions.isEmpty() ? Edits.none() : Edits.of(PodSpecBuilder.class, additions::edit);
    }
}
