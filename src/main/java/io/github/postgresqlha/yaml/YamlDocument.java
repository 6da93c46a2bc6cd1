package io.github.postgresqlha.yaml;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** One YAML document of plain maps, lists and values, byte for byte as cdk8s writes it. */
public final class YamlDocument {

    private static final String STEP = "  ";

    private YamlDocument() {}

    /** The text, with a line end after it. */
    public static String of(Map<String, ?> content) {
        return block(content, "") + "\n";
    }

    /** Several documents. */
    public static String all(List<? extends Map<String, ?>> documents) {
        StringJoiner text = new StringJoiner("---\n");
        documents.forEach(document -> text.add(of(document)));
        return text.toString();
    }

    /** What stands at this indentation, whose first line somebody else has indented. */
    private static String block(Object value, String indent) {
        StringJoiner lines = new StringJoiner("\n" + indent);
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            map.forEach((key, below) -> lines.add(pair(String.valueOf(key), below, indent + STEP)));
            return lines.toString();
        }
        if (value instanceof List<?> list && !list.isEmpty()) {
            list.forEach(item -> lines.add("- " + block(item, indent + STEP)));
            return lines.toString();
        }
        return single(value, indent);
    }

    private static String pair(String key, Object value, String indent) {
        boolean nested = (value instanceof Map<?, ?> map && !map.isEmpty())
                || (value instanceof List<?> list && !list.isEmpty());
        return YamlString.key(key, indent) + ":" + (nested ? "\n" + indent : " ") + block(value, indent);
    }

    private static String single(Object value, String indent) {
        if (value instanceof String text) {
            return YamlString.value(text, indent);
        }
        if (value instanceof Map) {
            return "{}";
        }
        return value instanceof List ? "[]" : String.valueOf(value);
    }
}
