package io.github.postgresqlha.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void escapes_what_a_terminal_would_act_on() {
        assertThat(Printable.of("a\u001b[2Jb\u009b2Jc\nd\re\u007f\u0000"))
                .isEqualTo("a\\u001b[2Jb\\u009b2Jc\\u000ad\\u000de\\u007f\\u0000");
    }

    @Test
    void escapes_what_turns_hides_or_breaks_a_line() {
        assertThat(Printable.of("\u202egpj\u2066\u200b\ufeff\u2028\u2029\udb40\udc41"))
                .isEqualTo("\\u202egpj\\u2066\\u200b\\ufeff\\u2028\\u2029\\udb40\\udc41");
    }

    @Test
    void leaves_letters_of_all_languages() {
        String text = "Zürich, 東京, مرحبا, 🐘 $1 \\n";
        assertThat(Printable.of(text)).isEqualTo(text);
    }
}
