package io.github.postgresqlha.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.Map;
import java.util.TreeMap;

/** A part of a Kubernetes object as the YAML that a reviewer knows, keys sorted, for comparison with a text block. */
public final class YamlText {

    private static final YAMLMapper MAPPER = new YAMLMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build());

    private YamlText() {}

    /** The part as YAML. */
    public static String of(Object part) {
        try {
            return MAPPER.writeValueAsString(sorted(MAPPER.convertValue(part, Object.class)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as YAML: " + part, e);
        }
    }

    private static Object sorted(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> result = new TreeMap<>();
            map.forEach((key, item) -> result.put(key.toString(), sorted(item)));
            return result;
        }
        return value instanceof java.util.List<?> list
                ? list.stream().map(YamlText::sorted).toList()
                : value;
    }
}
