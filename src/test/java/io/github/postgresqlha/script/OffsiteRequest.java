package io.github.postgresqlha.script;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A restore in the instance's container that waits for a job of the off-site copy. */
final class OffsiteRequest {

    private final LocalInstance member;
    private final Path file;
    private final CompletableFuture<Tool.Result> running;

    private OffsiteRequest(LocalInstance member, Path file, CompletableFuture<Tool.Result> running) {
        this.member = member;
        this.file = file;
        this.running = running;
    }

    /** Starts the script; the specification has an off-site copy. */
    static OffsiteRequest start(LocalInstance member, Path backups, Map<String, String> job, String... command) {
        Map<String, String> environment = new TreeMap<>(job);
        environment.putAll(offsite());
        String[] arguments = new String[command.length + 1];
        System.arraycopy(command, 1, arguments, 0, command.length - 1);
        arguments[command.length - 1] = "--from";
        arguments[command.length] = "offsite";
        return new OffsiteRequest(
                member,
                backups.resolve("offsite/request"),
                CompletableFuture.supplyAsync(() -> member.script(environment, command[0], arguments)));
    }

    static Map<String, String> offsite() {
        return Map.of(
                "OFFSITE_SCHEDULE",
                "*/10 * * * *",
                "OFFSITE_FETCH",
                "--from=cronjob/postgresql-offsite-fetch -n airflow");
    }

    /** Waits until it has asked. */
    OffsiteRequest awaitAsked() {
        member.await(
                Duration.ofSeconds(60),
                () -> {
                    if (running.isDone()) {
                        throw new AssertionError(
                                "it did not ask: " + running.join().output());
                    }
                    return Files.exists(file);
                },
                "a request " + file);
        return this;
    }

    Tool.Result await() {
        return running.join();
    }
}
