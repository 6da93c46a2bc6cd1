package io.github.postgresqlha.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What breaks inside is told in one line, never as a stack trace. */
class DefectTest {

    @Test
    void of_an_exception_is_one_line() {
        isOneLine(() -> new IllegalStateException("two\n\tlines"), "java.lang.IllegalStateException: two lines at ");
    }

    @Test
    void of_an_error_is_one_line() {
        isOneLine(() -> new LinkageError("a library is missing"), "java.lang.LinkageError: a library is missing at ");
    }

    private static void isOneLine(Supplier<Throwable> broken, String told) {
        CommandLineRun run = CommandLineRun.reading(new Broken(broken), "validate", "-c", "-");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("pgha: this is a defect, not yours: " + told)
                .endsWith("; report it with the command and the specification\n")
                .containsOnlyOnce("\n")
                .doesNotContain("\tat ");
    }

    /** Fails as no stream should. */
    private static final class Broken extends InputStream {

        private final Supplier<Throwable> failure;

        Broken(Supplier<Throwable> failure) {
            this.failure = failure;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            return read();
        }

        @Override
        public int read() {
            Throwable broken = failure.get();
            if (broken instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) broken;
        }
    }
}
