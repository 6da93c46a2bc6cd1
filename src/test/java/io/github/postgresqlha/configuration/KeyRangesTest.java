package io.github.postgresqlha.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.spec.Violation;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ranges that {@code pgha explain} tells are those of the rules: both ends are taken, and what is next to them is not. */
class KeyRangesTest {

    private static final Pattern RANGE =
            Pattern.compile("(?:more than (?<below>\\S+)|(?<least>\\S+) (?:or more|to (?<most>[^\\s,]+)))[^|]*");

    private static final Pattern AMOUNT = Pattern.compile("(?<number>[0-9]+)(?<unit>[A-Za-z]*)");

    @ParameterizedTest
    @MethodSource("keys")
    void are_those_of_the_rules(ExplainedKey key) {
        Matcher range = RANGE.matcher(key.range().orElseThrow());
        assertThat(range.matches()).as(key.range().orElseThrow()).isTrue();
        if (range.group("below") != null) {
            assertThat(complaints(key, range.group("below"))).isNotEmpty();
            return;
        }
        assertThat(complaints(key, range.group("least"))).isEmpty();
        assertThat(complaints(key, below(range.group("least")))).isNotEmpty();
        if (range.group("most") != null) {
            assertThat(complaints(key, range.group("most"))).isEmpty();
            assertThat(complaints(key, above(range.group("most")))).isNotEmpty();
        }
    }

    @Test
    void are_told_of_every_number() {
        assertThat(KeyCatalogue.all().stream()
                        .filter(key -> key.type().endsWith("number"))
                        .filter(key -> key.range().isEmpty()))
                .isEmpty();
    }

    static Stream<ExplainedKey> keys() {
        return KeyCatalogue.all().stream().filter(key -> key.range().isPresent());
    }

    /** What is said of the key itself: another one may be wrong beside such a value. */
    private static List<String> complaints(ExplainedKey key, String value) {
        String written = key.initial().filter("[]"::equals).isPresent() ? "[" + value + ", 1]" : value;
        try {
            ConfigurationFile.parse(new KeyExample(key).with(written));
            return List.of();
        } catch (InvalidSpecException invalid) {
            return invalid.violations().stream()
                    .filter(violation ->
                            violation.path().replaceAll("\\[[0-9]+]", "[]").equals(key.path()))
                    .map(Violation::message)
                    .toList();
        }
    }

    private static String below(String amount) {
        if (amount.equals("1Gi")) {
            return "1023Mi";
        }
        return neighbour(amount, -1);
    }

    private static String above(String amount) {
        return neighbour(amount, 1);
    }

    private static String neighbour(String amount, int step) {
        Matcher parts = AMOUNT.matcher(amount);
        assertThat(parts.matches()).as(amount).isTrue();
        return Integer.parseInt(parts.group("number")) + step + parts.group("unit");
    }
}
