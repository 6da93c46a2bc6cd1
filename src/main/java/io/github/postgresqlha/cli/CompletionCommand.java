package io.github.postgresqlha.cli;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pgha completion}: what a shell needs to complete commands, options and keys. */
@Command(
        name = "completion",
        description = "Prints a script by which a shell completes commands, options and the keys of explain.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:printed", "1:output cannot be written", "64:bad usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(pgha completion bash)",
            "  pgha completion zsh > ~/.pgha-completion; echo 'source ~/.pgha-completion' >> ~/.zshrc"
        })
final class CompletionCommand implements Callable<Integer> {

    /** The one script serves both: in zsh it begins with bashcompinit. */
    private enum Shell {
        BASH("bash"),
        ZSH("zsh");

        private final String program;

        Shell(String program) {
            this.program = program;
        }
    }

    private final PrintWriter output;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "bash|zsh", description = "The shell")
    private Shell shell = Shell.BASH;

    CompletionCommand(PrintWriter output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        CommandLine pgha = Objects.requireNonNull(spec).root().commandLine();
        output.print(AutoComplete.bash("pgha", pgha).replaceFirst("^#!.*", "#!/usr/bin/env " + shell.program));
        output.flush();
        return 0;
    }
}
