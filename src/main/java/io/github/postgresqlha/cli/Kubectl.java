package io.github.postgresqlha.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** The command {@code kubectl}, found on PATH as the scripts of {@code dist/} find it. */
interface Kubectl {

    /** How long an answer may take. The health check itself takes three seconds, or nine where no primary answers. */
    int SECONDS = 30;

    /** What it answered and complained of. */
    record Answer(int status, String out, String err) {}

    Answer run(List<String> arguments) throws IOException, InterruptedException;

    /** The one that is installed. */
    static Answer installed(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(arguments);
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(nothing()))
                    .start();
        } catch (IOException missing) {
            throw new IOException("kubectl cannot be run; install it and put it on PATH", missing);
        }
        CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
        CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return new Answer(124, "", "no answer within " + SECONDS + " s");
        }
        try {
            return new Answer(process.exitValue(), out.get(), err.get());
        } catch (ExecutionException broken) {
            throw new IOException("kubectl's answer cannot be read", broken);
        }
    }

    private static java.io.File nothing() {
        return new java.io.File(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null");
    }

    private static String text(java.io.InputStream stream) {
        try {
            return new String(stream.readNBytes(4 << 20), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
