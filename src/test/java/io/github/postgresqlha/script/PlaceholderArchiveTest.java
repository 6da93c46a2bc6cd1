package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Timelines that nobody took, in the archive: none is stored, and recovery is given one only on the way to a real one. */
class PlaceholderArchiveTest {

    private static final String REAL = "1\t0/3000000\tno reason\n";

    @TempDir
    private Path home;

    @BeforeEach
    void make() throws IOException {
        Files.createDirectories(home.resolve("wal/receiving"));
        Files.createDirectories(home.resolve("pgdata/pg_wal"));
    }

    @Test
    void a_placeholder_is_not_stored() throws IOException {
        bash(": | gzip >wal/receiving/00000002.history.gz");
        assertThat(keep("00000002.history.gz").output()).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void a_placeholder_does_not_replace_a_real_history_and_is_no_conflict() throws IOException {
        bash("printf '%s' '" + REAL + "' | gzip >wal/00000002.history.gz; : | gzip >wal/receiving/00000002.history.gz");
        assertThat(keep("00000002.history.gz").output()).isEmpty();
        assertThat(files()).isEqualTo("wal/00000002.history.gz\n");
        assertThat(bash("gzip -dc wal/00000002.history.gz").output()).isEqualTo(REAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {": >", ": | gzip >"})
    void a_real_history_takes_the_place_of_a_placeholder(String written) throws IOException {
        bash(written + "wal/00000002.history.gz; printf '%s' '" + REAL + "' | gzip >wal/receiving/00000002.history.gz");
        assertThat(keep("00000002.history.gz").output()).isEmpty();
        assertThat(files()).isEqualTo("wal/00000002.history.gz\n");
        assertThat(bash("gzip -dc wal/00000002.history.gz").output()).isEqualTo(REAL);
    }

    @Test
    void recovery_is_given_an_empty_history_only_below_a_real_one() throws IOException {
        bash("printf '%s' '" + REAL + "' | gzip >wal/receiving/00000011.history.gz; : >wal/00000012.history");
        for (String name : new String[] {"00000002", "0000000A", "00000010"}) {
            assertThat(fetch(name).status()).as(name).isZero();
            assertThat(home.resolve("pgdata/pg_wal/RECOVERYHISTORY")).isEmptyFile();
        }
        assertThat(fetch("00000011").status()).isZero();
        assertThat(home.resolve("pgdata/pg_wal/RECOVERYHISTORY")).hasContent(REAL);
        for (String name : new String[] {"00000012", "00000013", "FFFFFFFF"}) {
            assertThat(fetch(name).status()).as(name).isEqualTo(1);
        }
    }

    /** The archiver was away while that timeline was written, and the server that recovers knows it. */
    @Test
    void recovery_uses_what_the_server_knows_instead_of_an_empty_history() throws IOException {
        bash("printf '%s' '" + REAL + "' >wal/00000011.history; printf x >pgdata/pg_wal/00000002.history");
        assertThat(fetch("00000002").status()).isEqualTo(1);
        assertThat(fetch("00000003").status()).isZero();
    }

    private Tool.Result keep(String name) {
        return script(
                "source lib/log.sh; source lib/facts.sh; source lib/lsn.sh; source backup/repository.sh; source wal/spool.sh; archive=$BACKUP_DIRECTORY/wal;"
                        + " keep \"$archive/receiving/" + name + "\"");
    }

    private Tool.Result fetch(String timeline) {
        return script("cd \"$BACKUP_DIRECTORY/pgdata\"; \"$OLDPWD\"/wal/fetch.sh " + timeline
                + ".history pg_wal/RECOVERYHISTORY");
    }

    private String files() {
        return bash("find wal -type f").output();
    }

    private Tool.Result bash(String commands) {
        return script("cd \"$BACKUP_DIRECTORY\"; " + commands);
    }

    private Tool.Result script(String commands) {
        ProcessBuilder bash = new ProcessBuilder("bash", "-Eeuo", "pipefail", "-c", commands);
        bash.environment().put("BACKUP_DIRECTORY", home.toString());
        return Tool.run(bash, Project.file("src/main/resources/io/github/postgresqlha/script"));
    }
}
