package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether recovered data may take the place of a database whose role may have gone round meanwhile. */
class RestoredTimelineTest {

    private static final Path SCRIPTS = Project.file("src/main/resources/io/github/postgresqlha/script");

    @TempDir
    private Path home;

    @ParameterizedTest
    @CsvSource({"17,1,0", "33,17,0", "17,17,1", "17,33,1", "17,34,1", "'',33,1", "17,'',1", "17,x[$(touch /tmp/x)],1"})
    void only_a_newer_timeline_takes_the_place(String restored, String current, int status) {
        assertThat(ask(restored, current).status()).isEqualTo(status);
    }

    @Test
    void says_why() {
        assertThat(ask("17", "33").output())
                .contains("on timeline 17, the database is on 33 by now: another member was primary meanwhile");
    }

    private Tool.Result ask(String restored, String current) {
        ProcessBuilder builder = new ProcessBuilder(
                "bash",
                "-c",
                "source \"$0/lib/log.sh\"; source \"$0/lib/facts.sh\"; source \"$0/instance/swap.sh\"; now=0; tick() { now=$((now + 11)); }; PGDATA=pgdata taken=$1 given=$2;"
                        + " control_timeline() { [[ \"$PGDATA\" == pgdata.restoring ]] && printf '%s' \"$taken\"; }; local_timeline() { printf '%s' \"$given\"; }; restored_is_newer",
                SCRIPTS.toString(),
                restored,
                current);
        return Tool.run(builder, home);
    }
}
