package io.github.postgresqlha.kubernetes;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.cdk8s.ApiObject;
import org.cdk8s.ApiObjectMetadata;
import org.cdk8s.ApiObjectProps;
import org.cdk8s.JsonPatch;
import software.constructs.Construct;

/**
 * The bridge from a fabric8 object to cdk8s: fabric8's types are checked by the compiler and need no generated imports.
 *
 * <p>cdk8s takes everything but the metadata as one patch, in one call, because each call is a message to node. It does
 * not sort the keys of a patch, so they are sorted here.
 */
public final class KubernetesObject {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private KubernetesObject() {}

    /** Adds the object below the construct, under an id of its kind and name. */
    public static ApiObject add(Construct scope, HasMetadata object) {
        ApiObject added = new ApiObject(
                scope,
                object.getKind().toLowerCase(Locale.ROOT) + "-"
                        + object.getMetadata().getName(),
                ApiObjectProps.builder()
                        .apiVersion(object.getApiVersion())
                        .kind(object.getKind())
                        .metadata(metadata(object.getMetadata()))
                        .build());
        JsonPatch[] body = content(object).entrySet().stream()
                .filter(field -> !List.of("apiVersion", "kind", "metadata").contains(field.getKey()))
                .map(field -> JsonPatch.add("/" + field.getKey(), field.getValue()))
                .toArray(JsonPatch[]::new);
        if (body.length > 0) {
            added.addJsonPatch(body);
        }
        return added;
    }

    /** The object as Kubernetes reads it, with the keys of all its maps sorted. */
    public static Map<String, Object> content(HasMetadata object) {
        Map<String, Object> fields = MAPPER.convertValue(object, new TypeReference<>() {});
        fields.remove("status");
        return sorted(fields);
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
        return builder.build();
    }

    private static Map<String, Object> sorted(Map<?, ?> map) {
        Map<String, Object> result = new TreeMap<>();
        map.forEach((key, value) -> result.put(String.valueOf(key), sortedValue(value)));
        return result;
    }

    private static Object sortedValue(Object value) {
        if (value instanceof Map<?, ?> map) {
            return sorted(map);
        }
        return value instanceof List<?> list
                ? list.stream().map(KubernetesObject::sortedValue).collect(Collectors.toList())
                : value;
    }
}
