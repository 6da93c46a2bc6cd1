package io.github.postgresqlha.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Strings of which cdk8s writes what another reader than its own takes for something else. */
class YamlStringTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0o17", "0O17", "0X1F", "0B11", "+0X7b", "-0x_ff", "0b-1", "2e1_", "1__0", "1_.5", "5e+1_0", "0_o1_7",
                "1_000", ".5_"
            })
    void are_in_quotes_where_go_reads_a_number(String text) {
        assertThat(written(text)).isEqualTo("a: \"" + text + "\"\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0o8", "0xyz", "+", ".", "_1", "1.2.3", "1e", "10.0.0.1", "0o", "17-alpine"})
    void stay_plain_where_nobody_does(String text) {
        assertThat(written(text)).isIn("a: " + text + "\n", "a: \"" + text + "\"\n");
        assertThat(written("x" + text)).isEqualTo("a: x" + text + "\n");
    }

    @ParameterizedTest
    @CsvSource({"2028", "2029", "feff", "fffe", "ffff", "0085", "007f", "d800"})
    void are_escaped_where_a_reader_refuses_a_character_or_ends_the_line(String code) {
        char character = (char) Integer.parseInt(code, 16);
        assertThat(written("x" + character + "y")).isEqualTo("a: \"x\\u" + code + "y\"\n");
        assertThat(written("x\ny" + character + "z and many more characters than forty of them"))
                .contains("\\u" + code)
                .doesNotContain(String.valueOf(character));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\tindented\nby a tab\n", "\n\tafter a line\nend", "\t\nx\n", "x\u2028y\nz", "\ufeffx\n\ty"})
    void are_read_as_they_were(String text) throws IOException {
        Map<String, Object> content = Map.of("a", text, "b", List.of(text), "c", Map.of("d", text));
        YAMLMapper mapper = new YAMLMapper();
        JsonNode expected = mapper.valueToTree(content);
        assertThat(mapper.readTree(YamlDocument.of(content))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {20_000})
    void may_have_many_parts(int parts) {
        assertThat(written("1" + ":30".repeat(parts))).startsWith("a: \"1:30");
    }

    private static String written(String text) {
        return YamlDocument.of(Map.of("a", text));
    }
}
