package io.github.postgresqlha.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program in {@code .tools/}. Where it is missing its tests are skipped with a line that says so, and fail where CI
 * is "true": a green run there never hides a skipped layer.
 */
public record Tool(Path program) {

    /** What a program answered: both of its streams, and its exit status. */
    public record Result(int status, String output) {}

    /** The tool of this path below {@code .tools/}. */
    public static Tool require(String path) {
        return require(path, ".ci/tools");
    }

    /** The tool of this path below {@code .tools/}, and the command that puts it there. */
    public static Tool require(String path, String install) {
        Path program = Project.root().resolve(".tools").resolve(path);
        if (!Files.exists(program)) {
            String message = "requires " + program + "; run " + install;
            if ("true".equals(System.getenv("CI"))) {
                fail(message);
            }
            System.err.println("SKIPPED: " + message);
            abort(message);
        }
        return new Tool(program);
    }

    /** Runs it at the top of the project. */
    public Result run(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        return run(new ProcessBuilder(command));
    }

    /** Runs any program there. */
    public static Result run(ProcessBuilder builder) {
        return run(builder, Project.root());
    }

    /** Runs any program in a folder. */
    public static Result run(ProcessBuilder builder, Path folder) {
        try {
            Process process =
                    builder.directory(folder.toFile()).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new IllegalStateException("cannot run " + builder.command(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
