package io.github.postgresqlha.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.cdk8s.Yaml;
import org.junit.jupiter.api.Test;

/** Strings of every kind, written here and by cdk8s. */
class YamlDocumentIT {

    private static final int RANDOM_STRINGS = 3000;

    /** What YAML gives a meaning, and what stands beside it. */
    private static final List<String> PIECES = List.of(
            "a",
            "b1",
            "0",
            "1",
            "9",
            ".",
            ":",
            "-",
            "?",
            "#",
            " ",
            "  ",
            "\n",
            "\n\n",
            "\t",
            "'",
            "\"",
            "\\",
            "%",
            "---",
            "...",
            "{",
            "}",
            "[",
            "]",
            ",",
            "&",
            "*",
            "!",
            "|",
            ">",
            "@",
            "`",
            "~",
            "e",
            "+",
            "_",
            "x",
            "0x",
            "0b",
            "yes",
            "No",
            "null",
            "true",
            "<<",
            "=",
            "\r",
            "\u0000",
            "\u001f",
            "\u00a0",
            "\u00e4",
            "\ud83d\ude00",
            "2026-01-31",
            "T23:59:00Z",
            "long enough to be more than forty characters");

    private static final List<String> TELLING = List.of(
            "",
            " ",
            "\n",
            "\n\n",
            " \n",
            "\n ",
            "a\n",
            "a\n\n",
            "a\nb",
            " a\nb",
            "\n a\nb",
            "a\n  b\n",
            "a \nb",
            "a\n \n",
            "a\n\t",
            "-",
            "- a",
            "-a",
            "?",
            "? a",
            "a: b",
            "a:b",
            "a #b",
            "a#b",
            "#",
            "key:",
            "~",
            "Null",
            "y",
            "N",
            "on",
            "Off",
            "0",
            "-1",
            "+1",
            "1_000",
            "0777",
            "0b1",
            "0x1F",
            "1.5",
            ".5",
            "5.",
            ".",
            "-.inf",
            ".nan",
            "1e3",
            "1:30",
            "190:20:30.15",
            "2026-01-31",
            "2026-01-31T23:59:00Z",
            "2026-01-31 23:59:00.5 +1",
            "<<",
            "=",
            "%a",
            "---",
            "--- a",
            "...",
            "*/5 * * * *",
            "0 2 * * *",
            "it's",
            "say \"it\"",
            "it's \"it\"",
            "{a}",
            "a{b",
            "[",
            "a,b",
            "\t",
            "a\tb",
            "a\u0000b",
            "\ud83d\ude00");

    /** What cdk8s leaves as it is, and Go reads as something else or not at all. */
    private static final Pattern UNSAFE = Pattern.compile("(?s)\\n+\\t.*|\\t.*\\n.*|[-+]?[0-9.][0-9a-fA-F_.xXoO+-]*");

    @Test
    void telling_strings_are_written_as_cdk8s_writes_them() {
        assertThat(written(TELLING)).isEqualTo(byCdk8s(TELLING));
    }

    @Test
    void random_strings_are_written_as_cdk8s_writes_them() {
        Random random = new Random(20261127);
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < RANDOM_STRINGS; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(6) + 1; length > 0; length--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            strings.add(text.toString());
        }
        strings.removeIf(text -> UNSAFE.matcher(text).matches());
        assertThat(written(strings)).isEqualTo(byCdk8s(strings));
    }

    private static String written(List<String> strings) {
        return YamlDocument.of(content(strings));
    }

    private static String byCdk8s(List<String> strings) {
        return Yaml.stringify(content(strings));
    }

    /** Each string as a value of a map, as an item, and as a key where it can be one. */
    private static Map<String, Object> content(List<String> strings) {
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, Object> keys = new LinkedHashMap<>();
        for (int i = 0; i < strings.size(); i++) {
            values.put("k" + i, strings.get(i));
            keys.putIfAbsent("k" + strings.get(i), List.of());
            keys.putIfAbsent(strings.get(i) + "k", Map.of());
        }
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("values", values);
        content.put("keys", keys);
        content.put("items", strings);
        content.put("nested", List.of(List.of("a", Map.of("b", 1)), Map.of("c", true), List.of()));
        return content;
    }
}
