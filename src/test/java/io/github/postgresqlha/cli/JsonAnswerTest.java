package io.github.postgresqlha.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.postgresqlha.spec.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --format json} tells programs. */
class JsonAnswerTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"validate", "synth"})
    void tells_place_value_and_remedy_of_each_violation_in_the_order_of_the_file(String command) throws IOException {
        Path file = Files.writeString(
                folder.resolve("x.yaml"), "name: Postgres\nbackup:\n  schedul: '0 2 * * *'\n  retentionMinimum: 0\n");
        CommandLineRun run = CommandLineRun.of(command, "--format", "json", "-c", file.toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).isEmpty();
        JsonNode answer = JSON.readTree(run.out());
        assertThat(answer.path("valid").asBoolean()).isFalse();
        assertThat(answer.path("violations"))
                .hasToString(JSON.readTree("""
                        [
                          {"key": "name", "file": "FILE", "line": 1, "column": 1,
                           "message": "must be 1 to 39 of a-z, 0-9 and -, with a letter or digit at both ends, got 'Postgres' (8 characters); choose such a name",
                           "value": "Postgres", "remedy": "choose such a name"},
                          {"key": "backup.schedul", "file": "FILE", "line": 3, "column": 3,
                           "message": "is an unknown key; did you mean 'schedule'?", "remedy": "did you mean 'schedule'?"},
                          {"key": "backup.retentionMinimum", "file": "FILE", "line": 4, "column": 3,
                           "message": "must be at least 1, got 0; raise it: the last good dump is never deleted",
                           "value": "0", "remedy": "raise it: the last good dump is never deleted"}
                        ]
                        """.replace("FILE", file.toString().replace("\\", "/")))
                        .toString());
    }

    @Test
    void has_no_place_where_a_default_is_wrong() throws JsonProcessingException {
        JsonNode answer =
                JSON.readTree(CommandLineRun.reading("failover: automatic\n", "validate", "-c", "-", "--format", "json")
                        .out());
        assertThat(answer.at("/violations/0/key").asText()).isEqualTo("image");
        assertThat(answer.at("/violations/0").has("line")).isFalse();
        assertThat(answer.at("/violations/0/file").asText()).isEqualTo("standard input");
    }

    @Test
    void lists_what_a_synthesis_changes() throws JsonProcessingException {
        Path dist = folder.resolve("dist");
        CommandLineRun run = CommandLineRun.reading(
                "postgresVersion: 19\n", "synth", "-c", "-", "-o", dist.toString(), "--dry-run", "--format", "json");
        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        JsonNode answer = JSON.readTree(run.out());
        assertThat(answer.path("valid").asBoolean()).isTrue();
        assertThat(answer.path("warnings").path(0).asText()).startsWith("postgresVersion: ");
        assertThat(answer.path("files").asInt()).isGreaterThan(100);
        assertThat(answer.path("added")).hasSizeGreaterThan(100);
        assertThat(answer.path("changed")).isEmpty();
        assertThat(dist).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            must be 1 to 9, got 10; lower it                             | 10          | lower it
            is no schedule (hour 25), got '0 25 * * *'; write five       | 0 25 * * *  | write five
            must be a list, got keys and values; begin with a dash       | keys and values | begin with a dash
            needs Patroni, got [2, 1] with failover manual; remove it    | [2, 1]      | remove it
            must be worker, got 'io_uring': forbidden; use worker        | io_uring    | use worker
            must be one line, got 'a; b'; write one                      | a; b        | write one
            """)
    void takes_value_and_remedy_from_the_message(String message, String value, String remedy) {
        Violation violation = new Violation("key", message);
        assertThat(List.of(violation.value().orElseThrow(), violation.remedy().orElseThrow()))
                .containsExactly(value, remedy);
    }
}
