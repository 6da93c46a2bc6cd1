package io.github.postgresqlha.configuration;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import io.github.postgresqlha.spec.NearestKey;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Keys that hold a piece of a Kubernetes object, in Kubernetes' own words: read into fabric8's types, an unknown field refused. */
final class KubernetesTypes {

    private static final String PACKAGE = "io.fabric8.kubernetes.api.model";

    private KubernetesTypes() {}

    static boolean contain(Class<?> type) {
        return type.getPackageName().startsWith(PACKAGE) && type != Quantity.class;
    }

    /** Throws {@link IllegalArgumentException} with the refusal. */
    static Object read(Class<?> type, YamlNode node) {
        ObjectMapper mapper = type == GenericKubernetesResource.class ? Mappers.OBJECTS : Mappers.STRICT;
        try {
            return mapper.convertValue(node.plain(), type);
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException(
                    refused.getCause() instanceof JsonMappingException mapping
                            ? refusal(type, mapping)
                            : "is no " + type.getSimpleName() + " of Kubernetes; see kubectl explain",
                    refused);
        }
    }

    private static String refusal(Class<?> type, JsonMappingException mapping) {
        String field = mapping.getPath().stream()
                .map(JsonMappingException.Reference::getFieldName)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."));
        if (mapping instanceof UnrecognizedPropertyException unknown) {
            Collection<Object> known = Objects.requireNonNullElse(unknown.getKnownPropertyIds(), List.of());
            return "has an unknown field " + field + "; "
                    + NearestKey.of(
                                    unknown.getPropertyName(),
                                    known.stream().map(String::valueOf).toList())
                            .map(near -> "did you mean '" + near + "'?")
                            .orElse("see kubectl explain for those of a " + type.getSimpleName());
        }
        String value = mapping instanceof InvalidFormatException wrong ? ", got '" + wrong.getValue() + "'" : "";
        return "is no " + type.getSimpleName() + " of Kubernetes"
                + (field.isEmpty() ? "" : ", its " + field + " is wrong") + value + "; see kubectl explain";
    }

    /** Made at the first such key: most specifications have none. */
    private static final class Mappers {

        static final ObjectMapper OBJECTS = new ObjectMapper();

        /** fabric8's types would keep unknown fields. */
        static final ObjectMapper STRICT = new ObjectMapper().setAnnotationIntrospector(new Strict());
    }

    private static final class Strict extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated any) {
            return false;
        }
    }
}
