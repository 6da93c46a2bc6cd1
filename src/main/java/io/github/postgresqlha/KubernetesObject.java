package io.github.postgresqlha;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.github.postgresqlha.kubernetes.ObjectContent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.cdk8s.ApiObject;
import org.cdk8s.ApiObjectMetadata;
import org.cdk8s.ApiObjectProps;
import org.cdk8s.JsonPatch;
import org.cdk8s.OwnerReference;
import software.constructs.Construct;

/**
 * The bridge from a fabric8 object to cdk8s: fabric8's types are checked by the compiler and need no generated imports.
 *
 * <p>cdk8s takes everything but the metadata as one patch, in one call, because each call is a message to node. It does
 * not sort the keys of a patch, so they are sorted here.
 */
final class KubernetesObject {

    /** What the construct is given when it is made. */
    private static final Set<String> NAMED_METADATA =
            Set.of("name", "namespace", "labels", "annotations", "finalizers", "ownerReferences");

    private KubernetesObject() {}

    /** Adds the object below the construct. */
    static ApiObject add(Construct scope, String id, HasMetadata object) {
        ApiObject added = new ApiObject(
                scope,
                id,
                ApiObjectProps.builder()
                        .apiVersion(object.getApiVersion())
                        .kind(object.getKind())
                        .metadata(metadata(object.getMetadata()))
                        .build());
        Map<String, Object> content = ObjectContent.of(object);
        JsonPatch[] body = content.entrySet().stream()
                .filter(field -> !List.of("apiVersion", "kind", "metadata").contains(field.getKey()))
                .map(field -> JsonPatch.add("/" + field.getKey(), field.getValue()))
                .toArray(JsonPatch[]::new);
        if (body.length > 0) {
            added.addJsonPatch(body);
        }
        // cdk8s sorts it with the rest, as it would not in a patch.
        if (content.get("metadata") instanceof Map<?, ?> metadata) {
            metadata.forEach((field, value) -> {
                if (!NAMED_METADATA.contains(field)) {
                    added.getMetadata().add(String.valueOf(field), value);
                }
            });
        }
        // cdk8s gives the namespace of the chart to all that has none: to what is of the whole cluster, too.
        if (object.getMetadata().getNamespace() == null && added.getMetadata().getNamespace() != null) {
            added.addJsonPatch(JsonPatch.remove("/metadata/namespace"));
        }
        return added;
    }

    private static ApiObjectMetadata metadata(ObjectMeta metadata) {
        ApiObjectMetadata.Builder builder = ApiObjectMetadata.builder().name(metadata.getName());
        if (metadata.getNamespace() != null) {
            builder.namespace(metadata.getNamespace());
        }
        if (!metadata.getLabels().isEmpty()) {
            builder.labels(new TreeMap<>(metadata.getLabels()));
        }
        if (!metadata.getAnnotations().isEmpty()) {
            builder.annotations(new TreeMap<>(metadata.getAnnotations()));
        }
        if (!metadata.getFinalizers().isEmpty()) {
            builder.finalizers(metadata.getFinalizers());
        }
        if (!metadata.getOwnerReferences().isEmpty()) {
            builder.ownerReferences(metadata.getOwnerReferences().stream()
                    .map(KubernetesObject::owner)
                    .toList());
        }
        return builder.build();
    }

    private static OwnerReference owner(io.fabric8.kubernetes.api.model.OwnerReference owner) {
        return OwnerReference.builder()
                .apiVersion(owner.getApiVersion())
                .kind(owner.getKind())
                .name(owner.getName())
                .uid(owner.getUid())
                .controller(owner.getController())
                .blockOwnerDeletion(owner.getBlockOwnerDeletion())
                .build();
    }
}
