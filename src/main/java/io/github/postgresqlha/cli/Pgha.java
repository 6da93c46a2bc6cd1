package io.github.postgresqlha.cli;

import io.github.postgresqlha.NodeException;
import io.github.postgresqlha.dist.Generator;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code pgha}. Exit status: 0 done, 1 failed, 2 bad specification, 64 bad usage. */
@Command(
        name = "pgha",
        description = "Highly available PostgreSQL for Airflow, from one typed specification.",
        mixinStandardHelpOptions = true,
        versionProvider = Pgha.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:done", "1:failed", "2:bad specification", "64:bad usage"},
        footerHeading = "%nExamples:%n",
        footer = {"  pgha init", "  pgha explain backup.retentionDays", "  pgha validate && pgha synth --dry-run"})
public final class Pgha {

    static final int FAILED = 1;
    static final int BAD_SPECIFICATION = 2;
    static final int BAD_USAGE = 64;

    private Pgha() {}

    /** Runs a command and ends the process with its status. */
    public static void main(String[] arguments) {
        System.exit(run(
                System.in,
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments));
    }

    /** Runs a command and gives its status. */
    static int run(InputStream input, PrintWriter out, PrintWriter err, String... arguments) {
        // Nothing here logs; jsii's wish for a logger is not the user's concern.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        try {
            return execute(commands(input, out, err, arguments), out, err, arguments);
        } catch (Error broken) {
            // As too little memory, or a library that is not there: picocli lets it through.
            return defect(broken, err);
        }
    }

    private static CommandLine commands(InputStream input, PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine command = new CommandLine(new Pgha());
        // Picocli looks through each command that it is given, which costs a tenth of a run: synth needs no other.
        if (arguments.length == 0 || !arguments[0].equals("synth")) {
            command.addSubcommand(new InitCommand(out));
            command.addSubcommand(new ExplainCommand(out, err));
            command.addSubcommand(new ValidateCommand(out, err, input));
            command.addSubcommand(new VerifyCommand(out, err, input));
            command.addSubcommand(new StatusCommand(out, err, input, Kubectl::installed));
            command.addSubcommand(new SchemaCommand(out));
            command.addSubcommand(new RestoreTimeCommand(out, input));
            command.addSubcommand(new CompletionCommand(out));
        }
        command.addSubcommand(new SynthCommand(out, err, input));
        command.setOut(out).setErr(err);
        command.setExecutionExceptionHandler((failure, failed, parsed) -> report(failure, err));
        command.setParameterExceptionHandler((wrong, words) -> {
            err.println("pgha: " + wrong.getMessage() + "; --help shows what there is");
            return BAD_USAGE;
        });
        command.setCaseInsensitiveEnumValuesAllowed(true);
        // Else @FILE is a file of arguments, and what is said of an argument repeats a line of it.
        command.setExpandAtFiles(false);
        return command;
    }

    private static int execute(CommandLine command, PrintWriter out, PrintWriter err, String... arguments) {
        int status = arguments.length == 0 ? usage(command) : command.execute(arguments);
        if (status == 0 && out.checkError()) {
            err.println("cannot write to standard output; give it a file or a terminal with room");
            return FAILED;
        }
        return status;
    }

    private static int usage(CommandLine command) {
        command.usage(command.getErr());
        return BAD_USAGE;
    }

    /** What the user can mend is told in one message; anything else is a defect. */
    private static int report(Exception failure, PrintWriter err) {
        if (failure instanceof InvalidSpecException) {
            err.println(failure.getMessage());
            return BAD_SPECIFICATION;
        }
        if (failure instanceof FileSystemException file) {
            err.println(reason(file));
            return FAILED;
        }
        if (failure instanceof IOException || failure instanceof NodeException) {
            err.println(failure.getMessage());
            return FAILED;
        }
        if (failure instanceof InvalidPathException path) {
            err.println("'" + path.getInput() + "' is no path here (" + path.getReason()
                    + "); name another one, or set LC_ALL to a locale with UTF-8");
            return FAILED;
        }
        return defect(failure, err);
    }

    /** The system says no more of most of them than the file. */
    static String reason(FileSystemException failure) {
        String file = "'" + Printable.of(String.valueOf(failure.getFile())) + "' ";
        if (failure instanceof AccessDeniedException) {
            return file + "cannot be read or written by you; change its permissions, or its owner";
        }
        if (failure instanceof NoSuchFileException) {
            return file + "is not there any more; run the command again";
        }
        return file + "cannot be used ("
                + Optional.ofNullable(failure.getReason())
                        .orElse(failure.getClass().getSimpleName()) + "); mend that and run the command again";
    }

    /** One line with the place, for whoever mends it. */
    private static int defect(Throwable broken, PrintWriter err) {
        String place = Stream.of(broken.getStackTrace())
                .filter(frame -> frame.getClassName()
                        .startsWith(Pgha.class.getPackageName().replace(".cli", "")))
                .findFirst()
                .map(frame -> " at " + frame.getFileName() + ":" + frame.getLineNumber())
                .orElse("");
        err.println(
                "pgha: this is a defect, not yours: " + String.valueOf(broken).replaceAll("\\s+", " ") + place
                        + "; report it with the command and the specification");
        return FAILED;
    }

    /** The version of the library. */
    static final class Version implements CommandLine.IVersionProvider {
        Version() {}

        @Override
        public String[] getVersion() {
            return new String[] {"pgha " + Generator.version()};
        }
    }
}
