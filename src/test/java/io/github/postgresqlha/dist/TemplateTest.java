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
    void keeps_blocks_inside_of_blocks() {
        String text = "{{#A}}\na\n{{#B}}\nb\n{{/B}}\n{{/A}}\nlast";
        assertThat(render(text, Map.of("A", ""))).isEqualTo("a\nlast");
        assertThat(render(text, Map.of("A", "", "B", ""))).isEqualTo("a\nb\nlast");
        assertThat(render(text, Map.of("B", ""))).isEqualTo("last");
    }

    @Test
    void fails_on_a_block_that_does_not_end() {
        assertThatThrownBy(() -> render("{{#A}}\na\n", Map.of())).hasMessage("t.md: the block A does not end");
    }

    @Test
    void fails_on_an_end_without_a_block() {
        assertThatThrownBy(() -> render("{{#B}}\n{{/A}}\n{{/B}}\n", Map.of("B", "")))
                .hasMessageStartingWith("t.md: unknown placeholders [/A]");
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
