package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The supervisor of an instance, on real servers. Every test begins and ends with both members healthy in their own roles. */
class InstanceScriptIT {

    private static LocalPair pair;
    private static LocalInstance primary;
    private static LocalInstance standby;

    @BeforeAll
    static void start() {
        pair = LocalPair.streaming();
        primary = pair.primary();
        standby = pair.standby();
        primary.sql("airflow", "airflow", "CREATE TABLE rows (id bigint GENERATED ALWAYS AS IDENTITY)");
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @BeforeEach
    void both_are_healthy() {
        assertThat(primary.role()).isEqualTo("primary");
        pair.awaitStreaming(primary, standby);
    }

    @Test
    void has_what_a_new_cluster_needs() {
        assertThat(primary.sql("SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND (rolsuper OR rolcreaterole)"))
                .isEqualTo("postgres");
        assertThat(
                        primary.sql(
                                "SELECT datname, datcollate, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'airflow'"))
                .isEqualTo("airflow|C.UTF-8|UTF8");
        assertThat(primary.sql("SHOW data_checksums")).isEqualTo("on");
        assertThat(primary.sql("SELECT slot_name, active FROM pg_replication_slots"))
                .isEqualTo("postgresql_standby|t");
    }

    @Test
    void promotes_on_request_and_takes_the_old_primary_back_as_a_standby() {
        insert(primary, 50);
        assertThat(primary.stop()).isZero();
        standby.touchTrigger();
        standby.awaitRole("primary");
        int rows = insert(standby, 50);
        primary.start();
        pair.awaitStreaming(standby, primary);
        assertThat(primary.log()).contains("rejoin: postgresql-standby is primary on a newer timeline");
        assertThat(standby.stop()).isZero();
        primary.touchTrigger();
        primary.awaitRole("primary");
        assertThat(count(primary)).isEqualTo(rows);
        standby.start();
        pair.awaitStreaming(primary, standby);
    }

    @Test
    void brings_a_primary_back_that_has_rows_which_nobody_else_has() {
        standby.kill();
        insert(primary, 100);
        primary.kill();
        standby.start().awaitLog("decision: follow");
        standby.awaitRole("standby");
        standby.touchTrigger();
        standby.awaitRole("primary");
        insert(standby, 10);
        primary.start();
        pair.awaitStreaming(standby, primary);
        assertThat(primary.log())
                .containsPattern(
                        "ABANDONED: timeline [0-9]+ from [0-9A-F/]+ to [0-9A-F/]+: 100 committed transactions");
        assertThat(primary.run("sh", "-c", "ls " + primary.environment("WAL_DIRECTORY") + "/abandoned-*")
                        .output())
                .contains("README", "0000");
        standby.sql("CHECKPOINT");
        int rows = count(standby);
        primary.await(Duration.ofSeconds(20), () -> count(primary) == rows, "equal rows");
        standby.sql("postgres", "postgres", "SELECT postgresql_ha.request('restart')");
        primary.awaitRole("primary");
        pair.awaitStreaming(primary, standby);
    }

    @Test
    void restarts_in_place_after_a_crash_on_the_same_timeline() {
        String timeline = primary.sql("SELECT timeline_id FROM pg_control_checkpoint()");
        int rows = insert(primary, 20);
        primary.kill();
        primary.start().awaitRole("primary");
        assertThat(primary.sql("SELECT timeline_id FROM pg_control_checkpoint()"))
                .isEqualTo(timeline);
        assertThat(count(primary)).isEqualTo(rows);
    }

    @Test
    void ends_with_the_status_of_a_server_that_crashed() {
        long server = Long.parseLong(standby.run("head", "-n1", standby.data() + "/postmaster.pid")
                .output()
                .strip());
        ProcessHandle.of(server).orElseThrow().destroyForcibly();
        assertThat(standby.exitStatus()).isEqualTo(137);
        standby.start();
        pair.awaitStreaming(primary, standby);
    }

    @Test
    void lives_through_pg_ctl_stop_and_start() {
        assertThat(standby.run("pg_ctl", "stop", "-D", standby.data().toString())
                        .status())
                .isZero();
        standby.awaitRole("maintenance");
        assertThat(standby.script("instance/probe.sh", "liveness").status()).isZero();
        assertThat(standby.script("instance/probe.sh", "readiness").status()).isEqualTo(1);
        Tool.Result started =
                standby.run("pg_ctl", "start", "-D", standby.data().toString());
        assertThat(started.output()).endsWith("server started as standby\n");
        assertThat(standby.isAlive()).isTrue();
    }

    @Test
    void opens_nothing_while_the_peer_is_silent() {
        assertThat(primary.stop()).isZero();
        assertThat(standby.stop()).isZero();
        primary.start().awaitRole("undecided");
        assertThat(primary.sql("SELECT pg_is_in_recovery()")).isEqualTo("t");
        assertThat(primary.log()).contains("needs the other's promise before it opens");
        standby.start();
        primary.awaitRole("primary");
    }

    @Test
    void copies_the_primary_anew_on_request() {
        standby.run("touch", standby.runtime() + "/rebuild_request");
        standby.awaitLog("rebuild requested: copying postgresql-primary anew");
        standby.awaitLog("copy of postgresql-primary complete");
        standby.await(
                Duration.ofSeconds(30),
                () -> standby.log().lastIndexOf("role: standby") > standby.log().lastIndexOf("rebuild requested"),
                "the new copy");
        pair.awaitStreaming(primary, standby);
        assertThat(count(standby)).isEqualTo(count(primary));
    }

    @Test
    void refuses_a_volume_that_is_in_use() {
        Tool.Result result = primary.script("instance.sh");
        assertThat(result.status()).isEqualTo(75);
        assertThat(result.output()).contains("the volume is in use by another instance");
        assertThat(primary.role()).isEqualTo("primary");
    }

    @Test
    void names_every_missing_variable_at_once() {
        Tool.Result result = primary.script(Map.of("PGDATA", "", "WAL_DIRECTORY", ""), "instance.sh");
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.output()).contains("not set: PGDATA WAL_DIRECTORY");
    }

    @Test
    void ignores_a_trigger_on_the_primary() {
        primary.touchTrigger();
        primary.awaitLog("primary already: ignored");
        assertThat(Files.exists(primary.runtime().resolve("promote_trigger"))).isFalse();
    }

    @Test
    void follows_a_changed_password_without_a_restart() {
        pair.setPassword("airflow", "another: 'one'");
        primary.awaitLog("passwords set: airflow");
        assertThat(logIn("another: 'one'").status()).isZero();
        assertThat(logIn(LocalPair.PASSWORD + "airflow").output()).contains("password authentication failed");
        assertThat(primary.log()).doesNotContain("another").doesNotContain("SCRAM-SHA");
    }

    private static Tool.Result logIn(String password) {
        return Tool.run(pair.local()
                .process(
                        Map.of("PGPASSWORD", password),
                        "psql",
                        "-XAtqw",
                        "-h",
                        "127.0.0.1",
                        "-p",
                        String.valueOf(primary.port()),
                        "-U",
                        "airflow",
                        "-d",
                        "airflow",
                        "-c",
                        "SELECT 1"));
    }

    /** Inserts rows, each its own transaction, and gives how many there are then. */
    private static int insert(LocalInstance instance, int rows) {
        instance.sql(
                "airflow",
                "airflow",
                "DO $$ BEGIN FOR i IN 1.." + rows + " LOOP INSERT INTO rows DEFAULT VALUES; COMMIT; END LOOP; END $$");
        return count(instance);
    }

    private static int count(LocalInstance instance) {
        return Integer.parseInt(instance.sql("airflow", "airflow", "SELECT count(*) FROM rows"));
    }
}
