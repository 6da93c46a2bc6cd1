package io.github.postgresqlha.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.postgresqlha.spec.InvalidSpecException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pgha validate}: reads the specification and starts nothing. */
@Command(
        name = "validate",
        description = "Checks the specification and names everything that is wrong with it.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:valid", "1:output cannot be written", "2:bad specification", "64:bad usage"},
        footerHeading = "%nExample:%n",
        footer = "  pgha validate -c postgresql-ha.yaml --format json")
final class ValidateCommand implements Callable<Integer> {

    private final PrintWriter output;
    private final PrintWriter errors;

    @Mixin
    private ConfigOption config;

    @Mixin
    private FormatOption format = new FormatOption();

    ValidateCommand(PrintWriter output, PrintWriter errors, InputStream input) {
        this.output = output;
        this.errors = errors;
        this.config = new ConfigOption(input);
    }

    @Override
    public Integer call() throws JsonProcessingException {
        try {
            taken(config.read().warnings());
            return 0;
        } catch (InvalidSpecException invalid) {
            if (!format.isJson()) {
                throw invalid;
            }
            output.println(
                    JsonAnswer.refused(config.name(), invalid.violations()).text());
            return Pgha.BAD_SPECIFICATION;
        }
    }

    private void taken(List<String> warnings) throws JsonProcessingException {
        if (format.isJson()) {
            output.println(JsonAnswer.taken(config.name(), warnings).text());
        } else {
            warnings.forEach(warning -> errors.println("warning: " + warning));
            output.println(config.name() + " is valid");
        }
    }
}
