package io.github.postgresqlha.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code pgha status} on a cluster that answers what a test wants. */
class StatusCommandTest {

    private static final String HEALTHY =
            "{\"status\": \"healthy\", \"clock\": 1800000000, \"members\": [], \"backups\": {}, \"checks\": []}";

    private final List<List<String>> asked = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void asks_the_first_member_by_the_names_of_the_specification() {
        assertThat(run(arguments -> new Kubectl.Answer(0, HEALTHY, ""), "--context", "production"))
                .isZero();
        assertThat(asked)
                .containsExactly(List.of(
                        "--context",
                        "production",
                        "--namespace",
                        "data",
                        "exec",
                        "reports-primary-0",
                        "--container",
                        "postgresql",
                        "--",
                        "/scripts/health-check.sh",
                        "--format",
                        "json"));
        assertThat(out.toString()).startsWith("reports in data: healthy, 2027-01-15T08:00:00Z\n");
    }

    @Test
    void asks_the_other_member_and_ends_as_the_health_check_does() {
        int status = run(arguments -> arguments.contains("reports-primary-0")
                ? new Kubectl.Answer(1, "", "Error from server (NotFound)")
                : new Kubectl.Answer(2, HEALTHY.replace("healthy", "critical"), "command terminated with exit code 2"));
        assertThat(status).isEqualTo(2);
        assertThat(asked).hasSize(2);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void cannot_tell_where_no_member_can_be_asked() {
        int status =
                run(arguments -> new Kubectl.Answer(1, "", "\nerror: no \u001bconfiguration has been provided\nmore"));
        assertThat(status).isEqualTo(3);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().strip().lines())
                .singleElement()
                .asString()
                .startsWith(
                        "pgha: no member of reports in namespace data could be asked; error: no \\u001bconfiguration has been provided. kubectl");
    }

    @Test
    void says_that_nothing_is_there_where_nothing_is() {
        int status = run(arguments -> new Kubectl.Answer(
                1, "", "Error from server (NotFound): pods \"" + arguments.get(3) + "\" not found\n"));
        assertThat(status).isEqualTo(3);
        assertThat(err.toString())
                .isEqualTo(
                        "pgha: there is no pod of reports in namespace data (reports-primary-0, reports-standby-0);"
                                + " is this its cluster (kubectl config current-context; --context)? deploy-postgresql.sh installs it\n");
    }

    @Test
    void names_the_reason_of_each_member_where_they_differ() {
        run(arguments -> arguments.contains("reports-primary-0")
                ? new Kubectl.Answer(1, "", "Error from server (NotFound): pods \"reports-primary-0\" not found")
                : new Kubectl.Answer(124, "", "no answer within 30 s"));
        assertThat(err.toString())
                .contains("reports-primary-0: Error from server (NotFound): pods \"reports-primary-0\" not found; "
                        + "reports-standby-0: no answer within 30 s. kubectl get pods");
    }

    @Test
    void prints_a_page_and_json() {
        run(arguments -> new Kubectl.Answer(0, HEALTHY, ""), "--format", "html");
        assertThat(out.toString()).startsWith("<!DOCTYPE html>").endsWith("</html>\n");
        out.getBuffer().setLength(0);
        run(arguments -> new Kubectl.Answer(0, HEALTHY, ""), "--format", "json");
        assertThat(out.toString().strip()).isEqualTo(HEALTHY.replace(": ", ":").replace(", ", ","));
    }

    @Test
    void prints_nothing_but_the_answer() {
        String hostile = HEALTHY.replace("{}", "{\"note\": \"\u009b2J\u202e\"}");
        assertThat(run(arguments -> new Kubectl.Answer(0, hostile, ""), "--format", "json"))
                .isZero();
        assertThat(out.toString()).contains("\"note\":\"\\u009B2J\\u202E\"");
        out.getBuffer().setLength(0);
        assertThat(run(arguments -> new Kubectl.Answer(0, HEALTHY + "\n\u001b[2Jforged", ""), "--format", "json"))
                .isEqualTo(3);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("its answer cannot be used: it is no JSON");
    }

    @Test
    void bad_usage_gets_one_error_and_asks_nobody() {
        for (List<String> bad : List.of(
                List.of("--watch=0"),
                List.of("--watch=9999"),
                List.of("--watch", "--format=json"),
                List.of("--context=-x"))) {
            err.getBuffer().setLength(0);
            assertThat(run(arguments -> new Kubectl.Answer(0, HEALTHY, ""), bad.toArray(String[]::new)))
                    .isEqualTo(64);
            assertThat(err.toString().strip().lines()).hasSize(1);
        }
        assertThat(asked).isEmpty();
    }

    private int run(Kubectl answering, String... arguments) {
        List<String> all = new ArrayList<>(List.of("-c", "-"));
        all.addAll(List.of(arguments));
        StatusCommand command = new StatusCommand(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                new ByteArrayInputStream("name: reports\nnamespace: data\n".getBytes(StandardCharsets.UTF_8)),
                words -> {
                    asked.add(words);
                    return answering.run(words);
                });
        return new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(all.toArray(String[]::new));
    }
}
