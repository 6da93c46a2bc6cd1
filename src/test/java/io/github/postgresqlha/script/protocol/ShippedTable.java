package io.github.postgresqlha.script.protocol;

import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The table of the script as it is shipped. */
final class ShippedTable {

    static final Path SCRIPT = Project.file("src/main/resources/io/github/postgresqlha/script/instance/decide.sh");

    private ShippedTable() {}

    static DecisionTable read() {
        return DecisionTable.parse(bash("", SCRIPT.toString(), "--table"));
    }

    /** What a bash prints, that is given a text to read. */
    static String bash(String input, String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "bash";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Path file = Files.createTempFile("decide", ".txt");
            Files.writeString(file, input);
            Process process = new ProcessBuilder(command)
                    .redirectInput(file.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            Files.delete(file);
            if (status != 0) {
                throw new IllegalStateException("bash ended with " + status + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
