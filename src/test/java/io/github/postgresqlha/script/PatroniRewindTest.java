package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Patroni's pg_rewind, with programs that only look like PostgreSQL's: where whole data stay, and where they make room for a copy. */
class PatroniRewindTest {

    private static final String REFUSED =
            "echo 'pg_rewind: error: connection to server at \"10.0.0.1\", port 5432 failed: Connection refused' >&2; exit 1";

    private static final String HALF =
            "echo 'pg_rewind: need to copy 69 MB (total source directory size is 441 MB)' >&2; rm -f \"$HOME/serves\"; "
                    + REFUSED;

    @TempDir
    Path home;

    @BeforeEach
    void create() throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("tmp"));
        Files.createDirectories(home.resolve("wal"));
        Files.createDirectories(home.resolve("secret"));
        Files.createDirectories(home.resolve("data/state"));
        Files.createDirectories(home.resolve("data/pgdata/pg_wal"));
        Files.writeString(home.resolve("secret/replicator-password"), "secret");
        Files.writeString(home.resolve("data/pgdata/PG_VERSION"), "17\n");
        Files.writeString(home.resolve("serves"), "");
        program(
                "pg_controldata",
                "printf 'Database system identifier:  7\nLatest checkpoint'\"'\"'s TimeLineID:  1\nMin recovery ending loc'\"'\"'s timeline:  0\nBytes per WAL segment:  16777216\n'");
        program(
                "psql",
                "[[ -e $HOME/serves ]] || exit 2; case $* in *IDENTIFY*) echo '7|17|0/5000000|' ;; *HISTORY*) printf '00000011.history 1\\t0/3000000\\tno recovery target specified\n' ;; *) echo f ;; esac");
    }

    @Test
    void a_primary_that_is_gone_leaves_whole_data_in_their_place() {
        rewind("touch \"$HOME/tried\"; " + REFUSED, false, 1);
        assertThat(home.resolve("tried")).doesNotExist();
        assertThat(list("data")).containsExactly("pgdata", "state");
        assertThat(list("data/state")).isEmpty();
        assertThat(list("wal")).isEmpty();
    }

    @Test
    void a_primary_that_dies_before_anything_is_written_leaves_whole_data_in_their_place() {
        rewind("rm -f \"$HOME/serves\"; " + REFUSED, true, 1);
        assertThat(list("data")).containsExactly("pgdata", "state");
        assertThat(list("data/state")).isEmpty();
    }

    /** A copy can be made of it: what cannot be rewound makes room. */
    @Test
    void data_that_cannot_be_rewound_make_room_while_the_primary_serves() {
        rewind("echo 'pg_rewind: error: could not find previous WAL record' >&2; exit 1", true, 1);
        assertSetAside();
    }

    @Test
    void data_that_were_written_make_room() {
        rewind(HALF, true, 1);
        assertSetAside();
    }

    /** It did not say why it ended. */
    @Test
    void data_that_may_have_been_written_make_room() {
        rewind("rm -f \"$HOME/serves\"; kill -KILL $$", true, 137);
        assertSetAside();
    }

    private void assertSetAside() {
        assertThat(list("data"))
                .hasSize(2)
                .noneMatch("pgdata"::equals)
                .anyMatch(name -> name.startsWith("pgdata.before-"));
        assertThat(list("data/state")).doesNotContain("rejoin");
    }

    private void rewind(String program, boolean serves, int status) {
        try {
            program("pg_rewind", program);
            if (!serves) {
                Files.delete(home.resolve("serves"));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        ProcessBuilder bash = new ProcessBuilder(
                Project.file("src/main/resources/io/github/postgresqlha/script/patroni/rewind.sh")
                        .toString(),
                "-D",
                home + "/data/pgdata",
                "--source-server",
                "host='10.0.0.1' user=rewinder");
        bash.environment()
                .putAll(Map.of(
                        "HOME", home.toString(),
                        "PATH", home + "/bin:" + System.getenv("PATH"),
                        "PGDATA", home + "/data/pgdata",
                        "WAL_DIRECTORY", home + "/wal",
                        "RUNTIME_DIRECTORY", home + "/tmp",
                        "PASSFILE_DIRECTORY", home + "/tmp",
                        "SECRET_DIRECTORY", home + "/secret",
                        "DATABASE_OWNER", "app",
                        "MEMBER_NUMBER", "1"));
        Tool.Result result = Tool.run(bash, home);
        assertThat(result.status()).as(result.output()).isEqualTo(status);
    }

    private void program(String name, String text) throws IOException {
        Path file = Files.writeString(home.resolve("bin/" + name), "#!/bin/bash\n" + text + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private List<String> list(String folder) {
        String[] names = home.resolve(folder).toFile().list();
        return names == null ? List.of() : List.of(names).stream().sorted().toList();
    }
}
