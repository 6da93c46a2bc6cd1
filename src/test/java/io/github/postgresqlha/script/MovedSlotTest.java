package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the archiver goes on when the server no longer has what it asked for; pg_receivewal's first word moves its slot, backwards as well. */
class MovedSlotTest {

    private static final String ARCHIVER = """
            for library in lib/log lib/facts lib/lsn lib/durable backup/repository wal/timeline wal/slot; do source "${library}.sh"; done
            archive=$BACKUP_DIRECTORY/wal segment_bytes=16777216 attempted='' gone='' renew=''
            mkdir -p "${archive}"
            frontier() { printf '000000010000000000000003\\n'; }
            choose() { choose_start && printf 'from %s\\n' "$(bytes_lsn "${from}")" || printf 'again, renew=%s\\n' "${renew}"; }
            """;

    @TempDir
    private Path home;

    @Test
    void a_slot_that_was_moved_back_is_made_anew_and_the_gap_is_marked() {
        assertThat(run("""
                        slot='physical|0/4000000|1'
                        choose
                        gone=yes; choose
                        gone=yes; choose
                        slot='physical|0/9000028|1'
                        choose
                        """))
                .startsWith("from 0/3000000\nfrom 0/4000000\nagain, renew=yes\n")
                .endsWith("from 0/9000000\n");
        assertThat(home.resolve("wal/chain-broken"))
                .content()
                .contains("MISSING_FROM=0/4000000\nMISSING_TO=0/9000000\n");
    }

    /** A slot that the server gave up is new already, and may begin where the archive ends. */
    @Test
    void a_slot_that_is_new_is_not_made_anew_again() {
        assertThat(run("slot='physical|0/4000000|1'; choose; gone=yes; choose; gone=yes renew=yes; choose"))
                .isEqualTo("from 0/3000000\nfrom 0/4000000\nfrom 0/4000000\n");
        assertThat(Files.exists(home.resolve("wal/chain-broken"))).isFalse();
    }

    @Test
    void a_segment_that_the_server_no_longer_has_to_compare_is_no_gap() {
        assertThat(run("slot='physical|0/4000000|1'; choose; gone=yes; choose; choose"))
                .isEqualTo("from 0/3000000\nfrom 0/4000000\nfrom 0/3000000\n");
        assertThat(Files.exists(home.resolve("wal/chain-broken"))).isFalse();
    }

    private String run(String program) {
        ProcessBuilder bash = new ProcessBuilder("bash", "-Eeuo", "pipefail", "-c", ARCHIVER + program);
        bash.environment().put("BACKUP_DIRECTORY", home.toString());
        return Tool.run(bash, Project.file("src/main/resources/io/github/postgresqlha/script"))
                .output();
    }
}
