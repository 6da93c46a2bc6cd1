package io.github.postgresqlha.cli;

import io.github.postgresqlha.spec.InvalidSpecException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code pgha}. Exit status: 0 done, 1 failed, 2 bad specification, 64 bad usage. */
@Command(
        name = "pgha",
        description = "Highly available PostgreSQL for Airflow, from one typed specification.",
        mixinStandardHelpOptions = true,
        versionProvider = Pgha.Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Pgha {

    static final int FAILED = 1;
    static final int BAD_SPECIFICATION = 2;
    static final int BAD_USAGE = 64;

    private Pgha() {}

    /** Runs a command and ends the process with its status. */
    public static void main(String[] arguments) {
        System.exit(run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments));
    }

    /** Runs a command and gives its status. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        // Nothing here logs; jsii's wish for a logger is not the user's concern.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        CommandLine command = new CommandLine(new Pgha());
        command.addSubcommand(new SynthCommand(out));
        command.addSubcommand(new ValidateCommand(out));
        command.addSubcommand(new SchemaCommand(out));
        command.addSubcommand(new RestoreTimeCommand(out, System.in));
        command.setOut(out).setErr(err);
        command.setExitCodeExceptionMapper(
                failure -> failure instanceof InvalidSpecException ? BAD_SPECIFICATION : FAILED);
        command.setExecutionExceptionHandler((failure, failed, parsed) -> report(failure, err, failed));
        command.setParameterExceptionHandler((wrong, words) -> {
            err.println("pgha: " + wrong.getMessage() + "; --help shows what there is");
            return BAD_USAGE;
        });
        command.setCaseInsensitiveEnumValuesAllowed(true);
        return arguments.length == 0 ? usage(command) : command.execute(arguments);
    }

    private static int usage(CommandLine command) {
        command.usage(command.getErr());
        return BAD_USAGE;
    }

    /** What the user can mend is told in one message; anything else is a defect and shows where. */
    private static int report(Exception failure, PrintWriter err, CommandLine command) throws Exception {
        if (failure instanceof InvalidSpecException || failure instanceof IOException) {
            err.println(failure.getMessage());
            return command.getExitCodeExceptionMapper().getExitCode(failure);
        }
        throw failure;
    }

    /** The version of the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        Version() {}

        @Override
        public String[] getVersion() {
            String version = Pgha.class.getPackage().getImplementationVersion();
            return new String[] {"pgha " + (version == null ? "from classes" : version)};
        }
    }
}
