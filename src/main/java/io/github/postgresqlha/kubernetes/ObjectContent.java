package io.github.postgresqlha.kubernetes;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A fabric8 object as Kubernetes reads it: plain maps, lists and values. */
public final class ObjectContent {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ObjectContent() {}

    /** The object's fields, with the keys of all its maps sorted. */
    public static Map<String, Object> of(HasMetadata object) {
        Map<String, Object> fields = MAPPER.convertValue(object, new TypeReference<>() {});
        fields.remove("status");
        return sorted(fields);
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
                ? list.stream().map(ObjectContent::sortedValue).collect(Collectors.toList())
                : value;
    }
}
