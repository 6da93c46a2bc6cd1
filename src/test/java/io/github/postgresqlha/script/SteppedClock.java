package io.github.postgresqlha.script;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;

/**
 * The wall clock of one member, its server included, which a test sets while everything runs; the monotonic clock goes on. Needs a
 * C compiler: where there is none its tests are skipped with a line that says so, and fail where CI is "true".
 */
final class SteppedClock {

    private static final String LIBRARY = "clock-step.so";

    private final Path file;

    private SteppedClock(Path file) {
        this.file = file;
    }

    /** Gives a member a clock of its own, from its next start on. */
    static SteppedClock of(LocalPostgres local, LocalInstance member) {
        Path library = local.folder().resolve(LIBRARY);
        if (!Files.exists(library)) {
            compile(library);
        }
        SteppedClock clock = new SteppedClock(local.folder().resolve("clock-of-" + member.name()));
        clock.stand(0);
        member.with("LD_PRELOAD", library.toString()).with("CLOCK_STEP", clock.file.toString());
        return clock;
    }

    /** From now on it differs from the machine's clock by so many seconds. */
    void stand(long seconds) {
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        number.putLong(seconds).flip();
        // In place, as the processes have mapped the file.
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(number, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compile(Path library) {
        Path source = library.resolveSibling("clock-step.c");
        try (InputStream text = SteppedClock.class.getResourceAsStream("clock-step.c")) {
            Files.write(source, Objects.requireNonNull(text).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ProcessBuilder compiler = new ProcessBuilder(
                "cc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString(), "-ldl");
        Optional<String> problem = problemOf(compiler);
        if (problem.isPresent()) {
            String message = "requires a C compiler: " + problem.get();
            if ("true".equals(System.getenv("CI"))) {
                fail(message);
            }
            System.err.println("SKIPPED: " + message);
            abort(message);
        }
    }

    private static Optional<String> problemOf(ProcessBuilder compiler) {
        try {
            Tool.Result result = Tool.run(compiler);
            return result.status() == 0 ? Optional.empty() : Optional.of(result.output());
        } catch (IllegalStateException e) {
            return Optional.of(e.toString());
        }
    }
}
