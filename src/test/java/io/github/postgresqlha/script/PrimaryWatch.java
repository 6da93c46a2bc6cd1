package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Looks ten times a second which members accept writes, and fails in the end if ever two did at once. */
final class PrimaryWatch implements AutoCloseable {

    private static final String LOOP = """
            open() { psql -XAtqw -h "$1" -p "$2" -U postgres -d postgres -c 'SELECT NOT pg_is_in_recovery()' 2>/dev/null || echo -; }
            while :; do
              printf '%s%s\\n' "$(open "$1" "$2")" "$(open "$3" "$4")"
              sleep 0.06
            done
            """;

    private final LocalPair pair;
    private final Path seen;
    private final Process process;

    PrimaryWatch(LocalPair pair) {
        this.pair = pair;
        seen = pair.local().folder().resolve("watch-" + System.nanoTime());
        try {
            process = pair.local()
                    .process(
                            Map.of(),
                            "bash",
                            "-c",
                            LOOP,
                            "watch",
                            pair.primary().environment("SOCKET_DIRECTORY"),
                            pair.primary().environment("PGPORT"),
                            pair.standby().environment("SOCKET_DIRECTORY"),
                            pair.standby().environment("PGPORT"))
                    .redirectErrorStream(true)
                    .redirectOutput(seen.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it looks. */
    void awaitFirstLook() {
        pair.primary().await(Duration.ofSeconds(10), () -> !looks().isEmpty(), "a look at both members");
    }

    /** Whether a member was ever seen open for writes. */
    boolean sawOpen(LocalInstance member) {
        int place = member == pair.primary() ? 0 : 1;
        return looks().stream().anyMatch(look -> look.length() == 2 && look.charAt(place) == 't');
    }

    private List<String> looks() {
        return Project.read(seen).lines().toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        assertThat(looks())
                .as("which members are read-write")
                .hasSizeGreaterThan(5)
                .doesNotContain("tt");
    }
}
