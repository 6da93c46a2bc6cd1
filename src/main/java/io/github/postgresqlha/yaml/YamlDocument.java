package io.github.postgresqlha.yaml;

import java.util.List;
import java.util.Map;

/** One YAML document of plain maps, lists and values, byte for byte as cdk8s writes it. */
public final class YamlDocument {

    private static final String STEP = "  ";

    /** All of it is written once, from front to back: a ConfigMap of scripts has half a million characters. */
    private final StringBuilder yaml = new StringBuilder();

    private YamlDocument() {}

    /** The text, with a line end after it. */
    public static String of(Map<String, ?> content) {
        return all(List.of(content));
    }

    /** Several documents. */
    public static String all(List<? extends Map<String, ?>> documents) {
        YamlDocument all = new YamlDocument();
        String between = "";
        for (Map<String, ?> document : documents) {
            all.yaml.append(between);
            all.block(document, "");
            all.yaml.append('\n');
            between = "---\n";
        }
        return all.yaml.toString();
    }

    /** What stands at this indentation, whose first line somebody else has indented. */
    private void block(Object value, String indent) {
        String before = "";
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                yaml.append(before);
                pair(String.valueOf(entry.getKey()), entry.getValue(), indent + STEP);
                before = "\n" + indent;
            }
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            for (Object item : list) {
                yaml.append(before).append("- ");
                block(item, indent + STEP);
                before = "\n" + indent;
            }
        } else {
            single(value, indent);
        }
    }

    private void pair(String key, Object value, String indent) {
        boolean nested = (value instanceof Map<?, ?> map && !map.isEmpty())
                || (value instanceof List<?> list && !list.isEmpty());
        yaml.append(YamlString.key(key, indent)).append(':').append(nested ? "\n" + indent : " ");
        block(value, indent);
    }

    private void single(Object value, String indent) {
        if (value instanceof String text) {
            YamlString.value(text, indent, yaml);
        } else if (value instanceof Map) {
            yaml.append("{}");
        } else {
            yaml.append(value instanceof List ? "[]" : String.valueOf(value));
        }
    }
}
