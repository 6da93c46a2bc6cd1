package io.github.postgresqlha.configuration;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import io.github.postgresqlha.spec.NearestKey;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
                            ? refusal(type, mapping, node)
                            : "is no " + type.getSimpleName() + " of Kubernetes; see kubectl explain",
                    refused);
        }
    }

    private static String refusal(Class<?> type, JsonMappingException mapping, YamlNode node) {
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
        if (mapping instanceof InvalidFormatException wrong && wrong.getTargetType() == String.class) {
            return "must have text as its " + field + ", got '" + written(node, mapping.getPath(), wrong)
                    + "', which YAML reads as something else; put it in quotes";
        }
        String value = mapping instanceof InvalidFormatException wrong ? ", got '" + wrong.getValue() + "'" : "";
        return "is no " + type.getSimpleName() + " of Kubernetes"
                + (field.isEmpty() ? "" : ", its " + field + " is wrong") + value + "; see kubectl explain";
    }

    /** The value as the file has it: 0755, of which the reader has made 493. */
    private static String written(
            YamlNode node, List<JsonMappingException.Reference> path, InvalidFormatException wrong) {
        Optional<YamlNode> at = Optional.of(node);
        for (JsonMappingException.Reference step : path) {
            at = at.flatMap(around -> below(around, step));
        }
        return at.map(found -> found instanceof YamlNode.Scalar scalar ? scalar.text() : null)
                .orElseGet(() -> String.valueOf(wrong.getValue()));
    }

    private static Optional<YamlNode> below(YamlNode node, JsonMappingException.Reference step) {
        if (node instanceof YamlNode.Sequence list) {
            return list.items().stream().skip(Math.max(0, step.getIndex())).findFirst();
        }
        return node instanceof YamlNode.Mapping mapping
                ? Optional.ofNullable(mapping.values().get(step.getFieldName()))
                : Optional.empty();
    }

    /** Made at the first such key: most specifications have none. */
    private static final class Mappers {

        static final ObjectMapper OBJECTS = new ObjectMapper();

        /** fabric8's types would keep unknown fields, and make text of numbers and of true and false, which Kubernetes refuses. */
        static final ObjectMapper STRICT = strict();

        private static ObjectMapper strict() {
            ObjectMapper mapper = new ObjectMapper().setAnnotationIntrospector(new Strict());
            mapper.coercionConfigFor(LogicalType.Textual)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
            return mapper;
        }
    }

    private static final class Strict extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated any) {
            return false;
        }
    }
}
