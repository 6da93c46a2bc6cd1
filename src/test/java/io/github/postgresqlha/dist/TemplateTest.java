package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {

    @Test
    void replaces_placeholders() {
        assertThat(render("{{A}} and {{B}}$1\n", Map.of("A", "$1", "B", "b"))).isEqualTo("$1 and b$1\n");
    }

    @Test
    void keeps_blocks_of_keys_that_have_a_value() {
        String text = "x\n{{#A}}\na {{A}}\n{{/A}}\n{{#B}}\nb {{B}}\n{{/B}}\ny\n";
        assertThat(render(text, Map.of("A", "1"))).isEqualTo("x\na 1\ny\n");
    }

    @Test
    void fails_on_an_unknown_placeholder() {
        assertThatThrownBy(() -> render("{{NAEM}}", Map.of("NAME", "x")))
                .hasMessage("t.md: unknown placeholders [NAEM]; there are [NAME]");
    }

    private static String render(String text, Map<String, String> values) {
        return new Template("t.md", text).render(values);
    }
}
