package io.github.postgresqlha.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.dist.Generator;
import io.github.postgresqlha.dist.InstallationName;
import io.github.postgresqlha.dist.Verification;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pgha verify}: for a pipeline, before what is committed is applied. */
@Command(
        name = "verify",
        description =
                "Compares a folder with what the specification gives, byte by byte, and names each file that differs."
                        + " Writes nothing. Files that pgha does not write are named, and are no difference.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:the folder is what the specification gives",
            "1:it is not, or cannot be read",
            "2:bad specification",
            "64:bad usage"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  pgha verify", "  pgha verify -c staging.yaml staging"})
final class VerifyCommand implements Callable<Integer> {

    private final PrintWriter output;
    private final PrintWriter errors;

    @Mixin
    private ConfigOption config;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIR",
            defaultValue = "dist",
            description = "The folder. Default: ${DEFAULT-VALUE}")
    private Path folder = Path.of("dist");

    @Mixin
    private FormatOption format = new FormatOption();

    VerifyCommand(PrintWriter output, PrintWriter errors, InputStream input) {
        this.output = output;
        this.errors = errors;
        this.config = new ConfigOption(input);
    }

    @Override
    public Integer call() throws IOException {
        try {
            PostgresqlHaSpec spec = config.read();
            Verification found =
                    Verification.of(folder, new InstallationName(spec.name(), spec.namespace()), Synthesis.files(spec));
            if (format.isJson()) {
                output.println(json(spec, found));
            } else {
                tell(found);
            }
            return found.isSame() ? 0 : Pgha.FAILED;
        } catch (InvalidSpecException invalid) {
            if (!format.isJson()) {
                throw invalid;
            }
            output.println(
                    JsonAnswer.refused(config.name(), invalid.violations()).text());
            return Pgha.BAD_SPECIFICATION;
        }
    }

    private void tell(Verification found) {
        list("missing", found.missing());
        list("changed", found.changed());
        found.foreign().forEach(path -> errors.println("warning: no file of pgha: " + Printable.of(path)));
        int different = found.missing().size() + found.changed().size();
        output.println(
                different == 0
                        ? folder + " is what " + config.name() + " gives"
                        : folder + " is not what " + config.name() + " gives to pgha " + Generator.version() + ": "
                                + different + (different == 1 ? " file differs" : " files differ")
                                + "; run pgha synth and read the diff, or go back to what was reviewed");
    }

    private String json(PostgresqlHaSpec spec, Verification found) throws JsonProcessingException {
        return JsonAnswer.taken(config.name(), spec.warnings())
                .with("folder", folder.toString().replace('\\', '/'))
                .with("same", found.isSame())
                .with("missing", found.missing())
                .with("changed", found.changed())
                .with("foreign", found.foreign())
                .text();
    }

    private void list(String what, List<String> paths) {
        paths.forEach(path -> output.printf("%-8s %s%n", what, path));
    }
}
