package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The scripts that look, and the failover drill, on a real primary and standby. */
class MonitoringScriptIT {

    private static LocalPair pair;
    private static LocalInstance primary;
    private static LocalInstance standby;

    @BeforeAll
    static void start() {
        pair = LocalPair.streaming();
        primary = pair.primary();
        standby = pair.standby();
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
    void finds_a_healthy_installation_healthy() throws JsonProcessingException {
        primary.awaitLog("role: primary");
        primary.await(
                Duration.ofSeconds(30),
                () -> health(Map.of()).status() == 0,
                "health: " + health(Map.of()).output());
        JsonNode answer =
                new ObjectMapper().readTree(health(Map.of(), "--format", "json").output());
        assertThat(answer.path("status").asText()).isEqualTo("healthy");
        assertThat(answer.path("checks").findValuesAsText("check"))
                .contains(
                        "postgresql-primary answers",
                        "one primary",
                        "postgresql-standby streams",
                        "slot postgresql_standby");
    }

    /** The primary writes whole pages where nobody commits. What the last record has on the next one comes with the next commit. */
    @Test
    void a_record_that_is_there_in_part_is_no_lag() {
        primary.sql("CREATE TABLE halves AS SELECT generate_series(1, 200000) AS i");
        primary.sql("CHECKPOINT");
        CompletableFuture<String> reader = readerOfHalfARecord();
        try {
            assertThat(standby.sql("SELECT replay_age_seconds FROM (" + memberFigures() + ") AS figures"))
                    .isEqualTo("0");
            assertThat(health(Map.of()).output()).containsPattern("ok +postgresql-standby lag in time +0 s");
            assertThat(standby.sql(HALF)).as("still half of it").isEqualTo("t");
        } finally {
            end(reader);
        }
        primary.sql("DROP TABLE halves");
    }

    private static final String HALF = "SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()"
            + " AND clock_timestamp() - pg_last_xact_replay_timestamp() > interval '4 s'";

    /** One who reads marks rows, which writes records and commits none. Others commit now and then, and complete what it wrote. */
    private static CompletableFuture<String> readerOfHalfARecord() {
        for (int page = 0; page < 800; page += 97) {
            String read = "SELECT count(*) FROM halves WHERE ctid >= '(" + page + ",0)' AND ctid < '(" + (page + 97)
                    + ",0)'; SELECT pg_sleep(120)";
            CompletableFuture<String> reader = CompletableFuture.supplyAsync(() -> primary.sql(read));
            for (int look = 0; look < 16; look++) {
                if (standby.sql(HALF).equals("t")) {
                    return reader;
                }
                primary.sql("SELECT pg_sleep(0.5)");
            }
            end(reader);
        }
        throw new AssertionError("no record was there in part");
    }

    private static void end(CompletableFuture<String> reader) {
        primary.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%halves%' AND pid <> pg_backend_pid()");
        reader.exceptionally(Throwable::getMessage).join();
    }

    private static String memberFigures() {
        try {
            return new YAMLMapper()
                    .readTree(Project.read(
                            Project.file("src/main/resources/io/github/postgresqlha/metrics/queries.yaml")))
                    .at("/postgresql_ha_member/query")
                    .asText();
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void warns_from_a_limit_on() {
        Tool.Result result = health(Map.of("DISK_MAX_PERCENT", "1", "CONNECTIONS_MAX_PERCENT", "1"));
        assertThat(result.status()).isIn(1, 2);
        assertThat(result.output())
                .containsPattern("(warning|critical) +postgresql-primary data volume +[0-9]+ %, warns from 1 %");
    }

    @Test
    void warns_of_a_missing_archiver_and_a_missing_backup() {
        Tool.Result result = health(Map.of("WAL_ARCHIVER_SLOT", "wal_archiver", "BACKUP_MAX_AGE_HOURS", "26"));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .containsPattern("warning +slot wal_archiver +missing on postgresql-primary")
                .containsPattern("warning +newest backup +there is none yet");
    }

    @Test
    void tells_how_old_proof_and_copy_of_the_backups_are() {
        Map<String, String> limits = Map.of(
                "BACKUP_MAX_AGE_HOURS", "26", "RESTORE_TEST_MAX_AGE_DAYS", "15", "OFFSITE_MAX_AGE_MINUTES", "90");
        Tool.Result none = health(limits);
        assertThat(none.output())
                .containsPattern("ok +restore test +the first one is still to come")
                .containsPattern("warning +off-site copy +there is no complete one yet");
        assertThat(health(Map.of("BACKUP_MAX_AGE_HOURS", "26", "RESTORE_TEST_MAX_AGE_DAYS", "-1"))
                        .output())
                .containsPattern("warning +restore test +there was none yet");
        note("RESULT=good\nREASON=\nLAST_GOOD_EPOCH=$(($(date +%s) - 3 * 86400))", "$(($(date +%s) - 600))");
        awaitHealth(limits, "ok +restore test +3 days, warns from 15 days");
        assertThat(health(limits).output()).containsPattern("ok +off-site copy +1[01] min, warns from 90 min");
        note("RESULT=good\nREASON=\nLAST_GOOD_EPOCH=$(($(date +%s) - 16 * 86400))", "$(($(date +%s) - 6000))");
        awaitHealth(limits, "warning +restore test +16 days, warns from 15 days");
        assertThat(health(limits).output()).containsPattern("warning +off-site copy +10[0-9] min");
        note(
                "RESULT=running\nENDS_BY_EPOCH=$(($(date +%s) + 600))\nLAST_GOOD_EPOCH=$(($(date +%s) - 86400))",
                "$(date +%s)");
        awaitHealth(limits, "ok +restore test +1 days, warns from 15 days");
        note("RESULT=running\nENDS_BY_EPOCH=$(($(date +%s) - 1))\nLAST_GOOD_EPOCH=$(date +%s)", "$(date +%s)");
        awaitHealth(limits, "critical +restore test +the newest one was ended before it was done");
        note("RESULT=failed\nREASON=x.sql.gz: damaged = bad\nLAST_GOOD_EPOCH=$(date +%s)", "$(date +%s)");
        awaitHealth(limits, "critical +restore test +the newest one FAILED: x.sql.gz: damaged = bad");
        assertThat(health(limits).status()).isEqualTo(2);
        note("RESULT=good", "$(($(date +%s) + 7500))");
        awaitHealth(limits, "warning +off-site copy +its time is 2 h in the future");
        String vanished = primary.environment("BACKUP_DIRECTORY") + "/offsite/vanished";
        primary.run("sh", "-c", "printf 'SINCE=2026-01-01T00:00:00Z\nFILES=12\nLOST=x\n' >" + vanished);
        awaitHealth(
                limits,
                "critical +off-site files +GONE from there: 12 files since 2026-01-01T00:00:00Z, unknown of them not here");
        primary.run("rm", vanished);
        awaitHealth(limits, "^(?!(?s:.*)off-site files)(?s:.*)off-site copy");
        String skipped = primary.environment("BACKUP_DIRECTORY") + "/retention-skipped";
        primary.run("sh", "-c", "echo SINCE_EPOCH=$(($(date +%s) - 90000)) >" + skipped);
        awaitHealth(limits, "warning +retention +skipped since 20[-0-9]+T[:0-9]+Z: a restore, a recovery");
        primary.run("sh", "-c", "echo SINCE_EPOCH=$(($(date +%s) - 80000)) >" + skipped);
        awaitHealth(limits, "^(?!(?s:.*)retention)(?s:.*)off-site copy");
        primary.run("sh", "-c", "rm -r " + primary.environment("BACKUP_DIRECTORY") + "/*");
    }

    @Test
    void is_critical_without_a_primary_and_names_who_is_silent() {
        standby.run("pg_ctl", "stop", "-D", standby.data().toString());
        Tool.Result half = health(Map.of());
        assertThat(half.status()).as(half.output()).isEqualTo(1);
        assertThat(half.output())
                .containsPattern("warning +postgresql-standby-?[^ ]* answers|warning +127.0.0.1 answers +no: ");
        primary.run("pg_ctl", "stop", "-D", primary.data().toString());
        Tool.Result nobody = health(Map.of());
        primary.run("pg_ctl", "start", "-t", "1", "-D", primary.data().toString());
        standby.run("pg_ctl", "start", "-D", standby.data().toString());
        assertThat(nobody.status()).isEqualTo(2);
        assertThat(nobody.output())
                .containsPattern("critical +one primary +none: no member accepts writes; 0 of 2 answer");
        primary.awaitRole("primary");
    }

    @Test
    void alarms_when_replay_is_paused() {
        standby.sql("SELECT pg_wal_replay_pause()");
        primary.sql("CREATE TABLE paused AS SELECT generate_series(1, 20000)");
        Tool.Result result = health(Map.of("REPLICATION_LAG_MAX_BYTES", "1000"));
        standby.sql("SELECT pg_wal_replay_resume()");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .containsPattern("warning +postgresql-standby replays +replay is paused")
                .containsPattern("warning +postgresql-standby lag +[0-9]{4,} bytes");
    }

    @Test
    void shows_replication_as_a_table_and_as_json() throws JsonProcessingException {
        Tool.Result table = primary.script("replication-status.sh");
        assertThat(table.status()).as(table.output()).isZero();
        assertThat(table.output())
                .containsPattern("postgresql-standby +standby +1 +[0-9A-F/]+ +streaming +async +[0-9]+");
        JsonNode answer = new ObjectMapper()
                .readTree(
                        standby.script("replication-status.sh", "--format=json").output());
        assertThat(answer.at("/members/1/state").asText()).isEqualTo("streaming");
        assertThat(answer.at("/slots/0/slot").asText()).isEqualTo("postgresql_standby");
    }

    @Test
    void tries_a_connection_step_by_step() {
        Map<String, String> port = Map.of("PGPORT", String.valueOf(standby.port()));
        Tool.Result good = primary.script(port, "connection-test.sh", "127.0.0.1");
        assertThat(good.status()).as(good.output()).isZero();
        assertThat(good.output())
                .containsPattern("ok +role +standby, read-only, postgresql-standby, PostgreSQL " + LocalMajor.VERSION);
        Tool.Result closed = primary.script(Map.of("PGPORT", "1"), "connection-test.sh", "127.0.0.1");
        assertThat(closed.status()).isEqualTo(2);
        assertThat(closed.output()).containsPattern("failed +port +TCP 1 does not answer");
        Tool.Result unknown = primary.script("connection-test.sh", "no-such-host.invalid");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.output()).containsPattern("failed +name +no-such-host.invalid is not known");
        assertThat(primary.script("connection-test.sh").status()).isEqualTo(64);
    }

    @Test
    void pings_by_tcp() {
        Tool.Result result =
                primary.script(Map.of("PGPORT", String.valueOf(standby.port())), "bin/ping", "-c", "1", "127.0.0.1");
        assertThat(result.status()).isZero();
        assertThat(result.output())
                .contains("because this image has no ICMP ping")
                .endsWith("1 tried, 1 answered\n");
        assertThat(primary.script(Map.of("PGPORT", "1"), "bin/ping", "-c", "1", "127.0.0.1")
                        .status())
                .isEqualTo(1);
    }

    @Test
    void drills_a_failover_and_back_without_losing_a_row() throws JsonProcessingException {
        Tool.Result refused = standby.script("failover-test.sh");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).contains("this is not the primary");
        Tool.Result result = primary.script("failover-test.sh", "--format", "json");
        assertThat(result.status()).as(result.output()).isZero();
        JsonNode answer = new ObjectMapper()
                .readTree(result.output()
                        .lines()
                        .filter(line -> line.startsWith("{"))
                        .findFirst()
                        .orElseThrow());
        assertThat(answer.path("rowsAcknowledged").asInt()).isGreaterThan(5);
        assertThat(answer.path("rowsLost").asInt()).isZero();
        assertThat(answer.path("withoutWrites").findValuesAsText("phase")).containsExactly("failover", "hand-back");
        assertThat(primary.sql("SELECT count(*) FROM postgresql_ha.failover_probe"))
                .isEqualTo("0");
    }

    private static void note(String record, String copied) {
        String folder = primary.environment("BACKUP_DIRECTORY");
        primary.run(
                "bash",
                "-c",
                "mkdir -p " + folder + "/proof " + folder + "/offsite && printf '%b\\n' \"" + record + "\" >" + folder
                        + "/proof/restore-test.env && echo FINISHED_EPOCH=" + copied + " >" + folder
                        + "/offsite/last-copy.env");
    }

    /** The supervisor looks at its notes every few seconds. */
    private static void awaitHealth(Map<String, String> limits, String pattern) {
        primary.await(
                Duration.ofSeconds(40),
                () -> Pattern.compile(pattern).matcher(health(limits).output()).find(),
                pattern);
    }

    private static Tool.Result health(Map<String, String> changes, String... arguments) {
        Map<String, String> job = new TreeMap<>(Map.of(
                "PGPORT", primary.port() + "," + standby.port(),
                "REPLICATION_LAG_MAX_BYTES", "16777216",
                "REPLICATION_LAG_MAX_SECONDS", "60",
                "CONNECTIONS_MAX_PERCENT", "80",
                "DISK_MAX_PERCENT", "100"));
        job.putAll(changes);
        return primary.script(job, "health-check.sh", arguments);
    }
}
