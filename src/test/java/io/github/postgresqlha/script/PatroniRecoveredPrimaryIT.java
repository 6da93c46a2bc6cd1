package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A primary that was put back in time forked before what its standby has, and stays the same member all along. The pinned Patroni compares the two by itself;
 * 4.0 waited until its next start.
 */
class PatroniRecoveredPrimaryIT {

    /** The copy of a moment ago takes the database's place, on a timeline of its own. */
    private static final String RECOVER = """
            set -e
            cd "$HOME"
            touch copy/recovery.signal
            printf "%s\\n" "restore_command = 'false'" "recovery_target = 'immediate'" "recovery_target_action = 'promote'" >>copy/postgresql.auto.conf
            pg_ctl -D copy -w -l copy.log -o "-c listen_addresses=''" start
            until [[ $(psql -XAtqc 'SELECT pg_is_in_recovery()') == f ]]; do sleep 0.2; done
            psql -XAtqc CHECKPOINT
            pg_ctl -D copy -w stop
            sed -i '/recovery_target\\|restore_command/d' copy/postgresql.auto.conf
            mv data before && mv copy data
            """;

    private LocalPostgres local;
    private LocalKubernetes kubernetes;
    private LocalPatroni primary;
    private LocalPatroni standby;

    @BeforeEach
    void create() throws Exception {
        local = LocalPostgres.create();
        kubernetes = new LocalKubernetes();
        primary = new LocalPatroni(local, kubernetes, 1);
        standby = new LocalPatroni(local, kubernetes, 2);
    }

    @AfterEach
    void end() {
        standby.stop();
        primary.stop();
        primary.bash("pg_ctl -m immediate stop");
        kubernetes.close();
        local.delete();
    }

    @Test
    void its_standby_follows_it_by_itself() throws Exception {
        primary.serveWith(standby);
        primary.sql("CREATE TABLE kept (n int)");
        assertThat(primary.bash("pg_basebackup -D \"$HOME\"/copy --no-sync --checkpoint=fast")
                        .status())
                .isZero();
        primary.sql("CREATE TABLE lost (n int)");
        standby.require("the copy of what is lost", () -> lost().equals("t"));

        pause(true);
        primary.stop();
        primary.bash("pg_ctl -m fast -w stop");
        var recovered = primary.bash(RECOVER);
        assertThat(recovered.status()).as(recovered.output()).isZero();
        primary.bash("pg_ctl -w -l \"$HOME\"/server.log start");
        primary.start();
        standby.require(
                "the lock",
                () -> kubernetes
                        .annotation("configmaps/" + LocalPatroni.SCOPE + "-leader", "leader")
                        .equals(primary.name()));
        pause(false);

        standby.require("the standby", () -> standby.streams() && lost().equals("f"));
        assertThat(standby.log()).contains("running pg_rewind");
        assertThat(primary.sql("SELECT to_regclass('kept') IS NOT NULL AND to_regclass('lost') IS NULL"))
                .isEqualTo("t");
    }

    /** By the state in the Kubernetes API: here patronictl has no member's address. */
    private void pause(boolean wanted) throws InterruptedException {
        var change = primary.patronictl("edit-config", "--force", "--quiet", "--set", "pause=" + wanted);
        assertThat(change.status()).as(change.output()).isZero();
        standby.require(
                "paused: " + wanted,
                () -> Stream.of(primary, standby)
                        .allMatch(member -> kubernetes
                                        .annotation("pods/" + member.name(), "status")
                                        .contains("\"pause\":true")
                                == wanted));
    }

    private String lost() {
        return standby.sql("SELECT to_regclass('lost') IS NOT NULL");
    }
}
