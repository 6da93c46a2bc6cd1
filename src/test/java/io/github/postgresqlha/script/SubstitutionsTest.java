package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A signal that arrives during a command substitution is lost where another substitution follows in the same command: bash 5.2 runs the
 * trap while it parses the second one, and cannot read it. Process 1 would miss that it is to stop, or end without stopping its server.
 */
class SubstitutionsTest {

    /** Of the programs that run for as long as their pod. */
    private static final String LONG_LIVED = "(instance|patroni)\\.sh|(instance|lib|patroni|upkeep|wal)/.*\\.sh";

    private static final Set<String> SUBSTITUTIONS = Set.of("CmdSubst", "ProcSubst");

    @TempDir
    Path folder;

    @Test
    void no_command_of_a_supervisor_goes_on_after_a_substitution_with_another_one() {
        List<String> found = Scripts.all().stream()
                .filter(script -> script.path().matches(LONG_LIVED))
                .flatMap(script -> found(script.path(), script.content()))
                .toList();

        assertThat(found).isEmpty();
    }

    @Test
    void the_rule_sees_every_form() {
        String bad = """
                f "$(a)" "$(b)"
                one=$(a) two=$(b)
                [[ "$(a)" == "$(b)" ]]
                (($(a) > $(b)))
                f "$(a)" 2>"$(b)"
                f "$(a)" <(b)
                for i in $(a) $(b); do f; done
                if f "$(a)" "$(b)"; then f; fi
                """;
        String good = """
                one=$(a) && two=$(b)
                f "$(a "$(b)" "$(c)")"
                cmp <(a) <(b)
                if f "$(a)"; then f "$(b)"; fi
                """;

        assertThat(found("bad.sh", bad)).hasSize(8);
        assertThat(found("good.sh", good)).isEmpty();
    }

    private Stream<String> found(String name, String content) {
        List<String> found = new ArrayList<>();
        commands(parsed(content), name, found);
        return found.stream();
    }

    /** The commands below a node that are not in a substitution: what runs there has no trap to lose. */
    private static void commands(JsonNode node, String name, List<String> found) {
        if (SUBSTITUTIONS.contains(node.path("Type").asText())) {
            return;
        }
        if (isCommand(node)) {
            List<String> substitutions = new ArrayList<>();
            node.forEach(part -> substitutions(part, substitutions));
            if (substitutions.size() > 1 && substitutions.contains("CmdSubst")) {
                found.add(name + ":" + node.path("Pos").path("Line").asInt());
            }
        }
        node.forEach(part -> commands(part, name, found));
    }

    private static void substitutions(JsonNode node, List<String> found) {
        String type = node.path("Type").asText();
        if (SUBSTITUTIONS.contains(type)) {
            found.add(type);
        } else if (!isCommand(node)) {
            node.forEach(part -> substitutions(part, found));
        }
    }

    private static boolean isCommand(JsonNode node) {
        return node.has("Cmd") && node.has("Position");
    }

    private JsonNode parsed(String content) {
        Tool shfmt = Tool.require("bin/shfmt");
        try {
            Path script = Files.writeString(folder.resolve("script.sh"), content);
            Tool.Result result = Tool.run(
                    new ProcessBuilder(shfmt.program().toString(), "--language-dialect", "bash", "--to-json")
                            .redirectInput(script.toFile()),
                    Project.root());
            assertThat(result.status()).as(result.output()).isZero();
            return new ObjectMapper().readTree(result.output());
        } catch (IOException error) {
            throw new IllegalStateException(error);
        }
    }
}
