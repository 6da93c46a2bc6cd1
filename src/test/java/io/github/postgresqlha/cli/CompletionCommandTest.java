package io.github.postgresqlha.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script, as a shell uses it. */
class CompletionCommandTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "val, validate",
        "comp, completion",
        "'explain backup.retentionD', backup.retentionDays",
        "'synth --pro', --prove"
    })
    void completes_in_bash(String typed, String completed) throws IOException {
        Path script = Files.writeString(
                folder.resolve("pgha.bash"),
                CommandLineRun.of("completion", "bash").out());
        String words = typed.isEmpty() ? "''" : typed;
        Tool.Result result = Tool.run(new ProcessBuilder("bash", "-euc", """
                set +u
                compopt() { :; } # only readline has it
                source "$0"
                COMP_WORDS=(pgha %s) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _complete_pgha
                printf '%%s\\n' "${COMPREPLY[@]}"
                """.formatted(words), script.toString()));
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output().lines()).contains(completed.isEmpty() ? "explain" : completed);
    }

    @Test
    void begins_in_zsh_with_its_own_way_to_bash_scripts() {
        assertThat(CommandLineRun.of("completion", "zsh").out())
                .startsWith("#!/usr/bin/env zsh\n")
                .contains("bashcompinit");
    }

    @Test
    void knows_no_other_shell() {
        CommandLineRun run = CommandLineRun.of("completion", "fish");
        assertThat(run.status()).isEqualTo(64);
        assertThat(run.err()).startsWith("pgha: Invalid value for ").contains("fish");
    }
}
