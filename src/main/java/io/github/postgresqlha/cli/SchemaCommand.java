package io.github.postgresqlha.cli;

import io.github.postgresqlha.configuration.SpecSchema;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code pgha schema}. */
@Command(
        name = "schema",
        description = "Prints the JSON Schema of the specification, for editors.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:printed", "1:output cannot be written", "64:bad usage"},
        footerHeading = "%nExample:%n",
        footer = "  pgha schema > postgresql-ha.schema.json")
final class SchemaCommand implements Callable<Integer> {

    private final PrintWriter output;

    SchemaCommand(PrintWriter output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        output.print(SpecSchema.render());
        output.flush();
        return 0;
    }
}
