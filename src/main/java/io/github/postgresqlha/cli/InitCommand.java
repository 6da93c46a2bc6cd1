package io.github.postgresqlha.cli;

import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.configuration.StartingFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pgha init}: a file to begin with. */
@Command(
        name = "init",
        description = "Writes a commented specification with the most used keys and their defaults.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:written", "1:the file is there already, or cannot be written", "64:bad usage"},
        footerHeading = "%nExamples:%n",
        footer = {"  pgha init", "  pgha init -o staging.yaml"})
final class InitCommand implements Callable<Integer> {

    private final PrintWriter output;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            defaultValue = ConfigurationFile.NAME,
            description = "The file to write, or - for standard output. Default: ${DEFAULT-VALUE} in this folder."
                    + " A file that is there is never written over")
    private Path file = Path.of(ConfigurationFile.NAME);

    InitCommand(PrintWriter output) {
        this.output = output;
    }

    @Override
    public Integer call() throws IOException {
        if (file.toString().equals("-")) {
            output.print(StartingFile.render());
            output.flush();
            return 0;
        }
        write();
        output.println("wrote " + file + "; edit it, and check it with: pgha validate"
                + (file.equals(Path.of(ConfigurationFile.NAME)) ? "" : " -c " + file));
        return 0;
    }

    private void write() throws IOException {
        try {
            Files.createFile(file);
            fill();
        } catch (FileAlreadyExistsException there) {
            throw new IOException(
                    "'" + file + "' is there already; move it away, or name another file with --out", there);
        } catch (NoSuchFileException missing) {
            throw new IOException("there is no folder for '" + file + "'; create it, or name another file", missing);
        } catch (IOException refused) {
            throw new IOException(
                    "cannot write '" + file + "' (" + refused + "); name a file in a folder that you can write",
                    refused);
        }
    }

    /** A part of the file would be in the way of the next run. */
    private void fill() throws IOException {
        try {
            Files.writeString(file, StartingFile.render(), StandardOpenOption.WRITE);
        } catch (IOException failed) {
            Files.delete(file);
            throw failed;
        }
    }
}
