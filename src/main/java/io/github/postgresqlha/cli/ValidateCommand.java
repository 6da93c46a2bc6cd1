package io.github.postgresqlha.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.spec.Violation;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

    private enum Format {
        TEXT,
        JSON
    }

    private final PrintWriter errors;

    @Mixin
    private ConfigOption config;

    @Option(names = "--format", paramLabel = "text|json", description = "Default: text")
    private Format format = Format.TEXT;

    private List<String> warnings = List.of();

    ValidateCommand(PrintWriter output, PrintWriter errors, InputStream input) {
        this.output = output;
        this.errors = errors;
        this.config = new ConfigOption(input);
    }

    @Override
    public Integer call() throws JsonProcessingException {
        List<Violation> violations = violations();
        if (format == Format.JSON) {
            output.println(json(violations));
        } else {
            warnings.forEach(warning -> errors.println("warning: " + warning));
            output.println(config.name() + " is valid");
        }
        return violations.isEmpty() ? 0 : Pgha.BAD_SPECIFICATION;
    }

    private List<Violation> violations() {
        try {
            warnings = config.read().warnings();
            return List.of();
        } catch (InvalidSpecException invalid) {
            if (format == Format.TEXT) {
                throw invalid;
            }
            return invalid.violations();
        }
    }

    private String json(List<Violation> violations) throws JsonProcessingException {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("file", config.name().replace('\\', '/'));
        result.put("valid", violations.isEmpty());
        result.put("violations", violations);
        result.put("warnings", warnings);
        return new ObjectMapper().writeValueAsString(result);
    }
}
