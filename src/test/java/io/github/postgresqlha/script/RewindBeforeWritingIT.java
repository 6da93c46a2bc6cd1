package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The peer dies for good between the trial of pg_rewind and the real one: the data are as they were, and a person can open them. */
@Tag("long")
class RewindBeforeWritingIT extends FreshPair {

    /** All files of the data directory, with the WAL behind its link. */
    private static final String SUMS =
            "cd \"$PGDATA\" && find -L . -type f ! -name postmaster.pid -print0 | sort -z | xargs -0 sha256sum";

    @Test
    void a_pg_rewind_that_wrote_nothing_leaves_data_that_a_person_can_open() {
        pair.failOverWithLoss(primary, standby, 50, "alone");
        Path said = pair.local().makeFolder("said");
        Path shim = pair.local().program("pg_rewind", """
                #!/bin/bash
                real=$(PATH=${PATH#*:} command -v pg_rewind)
                for argument; do [[ $argument != --dry-run ]] || exec "$real" "$@"; done
                kill -STOP "$(cat %1$s/supervisor)"; kill -KILL "$(cat %1$s/supervisor)" "$(cat %1$s/server)"
                sleep 1
                (%2$s) >%1$s/before
                "$real" "$@"; status=$?
                (%2$s) >%1$s/after
                exit $status
                """.formatted(said, SUMS));
        String server = String.valueOf(standby.postmaster());
        pair.local().write(said.resolve("server"), server);
        pair.local()
                .write(
                        said.resolve("supervisor"),
                        standby.run("ps", "-o", "ppid=", "-p", server).output().strip());
        primary.with("PATH", shim.getParent() + ":" + pair.local().path());
        primary.startAlone().awaitLog("pg_rewind ended before it wrote anything");
        assertThat(said.resolve("after")).hasSameTextualContentAs(said.resolve("before"));
        assertThat(Files.exists(primary.state().resolve("rejoin"))).isFalse();
        primary.awaitRole("undecided").run("sh", "-c", "echo down >" + primary.runtime() + "/promote_trigger");
        primary.awaitRole("primary").awaitRows("alone=50");
    }
}
