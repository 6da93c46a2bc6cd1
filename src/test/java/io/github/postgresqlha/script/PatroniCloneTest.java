package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Patroni's copy, with programs that only look like PostgreSQL's. Patroni removes PGDATA when the copy fails or is ended, and so does
 * this test; a whole copy has to be left then.
 */
class PatroniCloneTest {

    /** What the copy is made with; the moments are counted in a file, since each of these is a process of its own. */
    private static final Map<String, String> PROGRAMS = Map.of(
            "pg_basebackup",
            """
            while (($# > 0)); do case $1 in -D) data=$2 ;; --waldir=*) wal=${1#*=} ;; esac; shift; done
            mkdir -p "$data" "$wal" && : >"$wal/000000010000000000000001" && ln -s "$wal" "$data/pg_wal"
            echo 17 >"$data/PG_VERSION"; moment; [[ ! -e $HOME/full ]] || { echo 'No space left on device' >&2; exit 1; }; echo new >"$data/row"
            """,
            "psql",
            "answer=$(cat \"$HOME/answer\"); [[ ! -e $HOME/answer.next ]] || mv \"$HOME/answer.next\" \"$HOME/answer\"; echo \"${answer}\"",
            "pg_controldata",
            "[[ -s $2/PG_VERSION ]] && printf 'Database system identifier:  7\\nLatest checkpoint'\"'\"'s TimeLineID:  1\\nMin recovery ending loc'\"'\"'s timeline:  0\\n'",
            "mv",
            "moment; /bin/mv \"$@\"",
            "rm",
            // A removal is ended half-way.
            "for last; do :; done; [[ ! -d $last/ ]] || /bin/rm -f \"$last/PG_VERSION\" \"$last\"/0*; moment; /bin/rm \"$@\"",
            "sync",
            "moment");

    private static final String MOMENT = """
            #!/bin/bash
            moment() { local n; n=$(($(cat "$HOME/moments") + 1)); echo $n >"$HOME/moments"; if ((n == $(cat "$HOME/end-at"))); then kill -s "$(cat "$HOME/signal")" "$(cat "$HOME/pid")"; sleep 0.3; fi; }
            """;

    private static final String CLONE = "echo $$ >$HOME/pid; exec \"$1\"/patroni/clone.sh --connstring=host=127.0.0.1";

    /** What Patroni does then. */
    private static final String FAILED = "rm -rf \"$(readlink $HOME/data/pgdata/pg_wal)\" $HOME/data/pgdata";

    private static final String OLD = "mkdir -p $HOME/data/pgdata $HOME/data/state $HOME/wal/wal-20260101T000000Z-1;"
            + " : >$HOME/wal/wal-20260101T000000Z-1/000000010000000000000001; ln -s $HOME/wal/wal-20260101T000000Z-1 $HOME/data/pgdata/pg_wal;"
            + " echo 17 >$HOME/data/pgdata/PG_VERSION; echo old >$HOME/data/pgdata/row; echo 7 >$HOME/data/state/had-data;";

    private static final String PRIMARY = "printf '7|17|0/3000000|\\noff\\n' >$HOME/answer;";

    @TempDir
    Path folder;

    private Path home;

    @BeforeEach
    void create() throws IOException {
        home = folder.resolve("once");
        prepare();
    }

    private void prepare() throws IOException {
        Files.createDirectories(home.resolve("bin"));
        for (Map.Entry<String, String> program : PROGRAMS.entrySet()) {
            Path file = Files.writeString(home.resolve("bin/" + program.getKey()), MOMENT + program.getValue());
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        shell("echo 0 >$HOME/moments; echo 0 >$HOME/end-at; echo KILL >$HOME/signal;" + OLD + PRIMARY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM"})
    void ended_at_any_moment_it_leaves_a_whole_copy(String signal) throws IOException {
        boolean ended = true;
        int moment = 1; // before the first rename PGDATA is Patroni's to remove
        while (ended) {
            moment++;
            home = folder.resolve(signal + moment);
            prepare();
            shell("echo " + moment + " >$HOME/end-at; echo " + signal + " >$HOME/signal");
            Tool.Result clone = shell(CLONE);
            ended = shell("(($(cat $HOME/moments) < $(cat $HOME/end-at)))").status() != 0;
            if (clone.status() != 0) {
                shell(FAILED);
            }
            Tool.Result next = shell(
                    "grep -l . $HOME/data/*/PG_VERSION | grep -v cloning | while read -r f; do d=${f%/PG_VERSION}; [[ -s $d/row && -n $(ls $d/pg_wal/) ]] && cat $d/row; done");
            assertThat(next.output())
                    .as(
                            "%s at %d, status %d: %s",
                            signal,
                            moment,
                            clone.status(),
                            shell("ls $HOME/data $HOME/wal").output())
                    .containsPattern("old|new");
            Tool.Result settled = new ScriptFunctions(home)
                    .run(
                            "control_value() { [[ -s \"${2:-${PGDATA}}/PG_VERSION\" ]] && echo 7; }; control_timeline() { control_value; }; settle_install; tidy_up; cat ${PGDATA}/row");
            assertThat(settled.output()).as("%s at %d", signal, moment).containsPattern("(old|new)\n$");
            assertThat(new ScriptFunctions(home).list("data"))
                    .as("%s at %d", signal, moment)
                    .containsExactly("pgdata", "state");
            assertThat(new ScriptFunctions(home).list("wal"))
                    .as("%s at %d", signal, moment)
                    .hasSize(1);
        }
        assertThat(moment).isGreaterThan(10);
    }

    /** Who may have been elected meanwhile, or is another database, is not copied from; nothing is removed for it. */
    @ParameterizedTest
    @CsvSource({
        "'7|17|0/3000000|\non', '', no primary",
        "'8|17|0/3000000|\noff', '', holds database system 8",
        "'', '', does not answer",
        "'7|17|0/3000000|\noff', '7|17|0/3000000|\non', no primary any more"
    })
    void copies_the_primary_of_its_own_database_alone(String answer, String next, String said) throws IOException {
        Files.writeString(home.resolve("answer"), answer);
        shell("echo $((10#$(cat $HOME/end-at))) >$HOME/end-at");
        if (!next.isEmpty()) {
            Files.writeString(
                    home.resolve("bin/pg_basebackup"),
                    MOMENT + "printf '" + next.replace("\n", "\\n") + "' >$HOME/answer\n"
                            + PROGRAMS.get("pg_basebackup"));
        }
        Tool.Result clone = shell(CLONE);
        assertThat(clone.status()).as(clone.output()).isEqualTo(1);
        assertThat(clone.output()).contains(said);
        shell(FAILED);
        assertThat(shell("cat $HOME/data/pgdata.before-*/row").output()).isEqualTo("old\n");
    }

    @Test
    void a_full_volume_is_named_and_the_next_attempt_begins_anew() {
        shell("touch $HOME/full");
        Tool.Result clone = shell(CLONE);
        assertThat(clone.status()).isEqualTo(1);
        assertThat(clone.output()).contains("No space left on device", "what was here is kept beside");
        Tool.Result second = shell("/bin/rm $HOME/full; " + CLONE);
        assertThat(second.status()).as(second.output()).isZero();
        assertThat(shell("cat $HOME/data/pgdata/row $HOME/data/pgdata.before-*/row; ls $HOME/wal | wc -l")
                        .output())
                .isEqualTo("new\nold\n2\n");
    }

    private Tool.Result shell(String command) {
        ProcessBuilder bash = new ProcessBuilder(
                "bash",
                "-c",
                command,
                "clone",
                Project.file("src/main/resources/io/github/postgresqlha/script").toString());
        bash.environment().put("HOME", home.toString());
        if (command.endsWith(CLONE)) {
            bash.environment().put("PATH", home + "/bin:" + System.getenv("PATH"));
        }
        bash.environment().putAll(Map.of("PGDATA", home + "/data/pgdata", "WAL_DIRECTORY", home + "/wal"));
        bash.environment().put("PEER_NAME", "postgresql-standby");
        return Tool.run(bash, folder);
    }
}
