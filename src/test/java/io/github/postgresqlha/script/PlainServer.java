package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** A PostgreSQL without a supervisor, which a test promotes and starts by the functions of lib/timelines.sh. */
final class PlainServer {

    private static final String CONFIGURATION = """
            listen_addresses = ''
            fsync = off
            shared_buffers = 16MB
            wal_log_hints = on
            wal_keep_size = 512MB
            wal_retrieve_retry_interval = 200ms
            log_line_prefix = ''
            """;

    private final LocalPostgres local;
    private final Path home;
    private final Map<String, String> environment = new TreeMap<>();

    /** The member of this number. */
    PlainServer(LocalPostgres local, int number) {
        this.local = local;
        home = local.makeFolder("member" + number);
        local.makeFolder("member" + number + "/state");
        environment.putAll(Map.of("PGDATA", home + "/pgdata", "PGHOST", home.toString(), "PGUSER", "postgres"));
        environment.putAll(Map.of("PGDATABASE", "postgres", "PROGRAMS", local.programs() + "/bin"));
        environment.put("MEMBER_NUMBER", String.valueOf(number));
    }

    Path home() {
        return home;
    }

    /** A new database. */
    PlainServer initialise() {
        bash("initdb -U postgres -A trust --no-sync >/dev/null; cat >>\"$PGDATA\"/postgresql.conf <<'E'\n"
                + CONFIGURATION + "unix_socket_directories = '" + home + "'\nE");
        return start();
    }

    /** A copy of a running one, in recovery from it. */
    PlainServer copy(PlainServer source) {
        bash("pg_basebackup -h " + source.home + " -D \"$PGDATA\" --no-sync --checkpoint=fast");
        return follow(source).startInRecovery();
    }

    /** Its configuration names this one as its primary. */
    PlainServer follow(PlainServer source) {
        bash("printf \"unix_socket_directories = '%s'\\nprimary_conninfo = 'host=%s user=postgres'\\n\" \"$PGHOST\" "
                + source.home + " >>\"$PGDATA\"/postgresql.conf; touch \"$PGDATA\"/standby.signal");
        return this;
    }

    PlainServer start() {
        bash("\"$PROGRAMS\"/pg_ctl start -s -W -l \"$PGHOST\"/log");
        return this;
    }

    /** As the members start: without placeholders that nothing follows. */
    PlainServer startInRecovery() {
        library("drop_placeholders \"$PGDATA\" \"$(control_timeline)\"");
        return start();
    }

    void stop(String mode) {
        bash("\"$PROGRAMS\"/pg_ctl stop -s -w -m " + mode);
    }

    /** By the member's own number; gives the timeline. */
    int promote() {
        library("reserve_timelines \"$PGDATA\" \"$(control_timeline)\"");
        promotePlainly();
        library("keep_timelines \"$PGDATA\" " + timeline());
        return timeline();
    }

    /** As PostgreSQL does it by itself. */
    int promotePlainly() {
        assertThat(sql("SELECT pg_promote(true, 30)")).isEqualTo("t");
        sql("CHECKPOINT");
        return timeline();
    }

    int timeline() {
        return Integer.parseInt(sql("SELECT timeline_id FROM pg_control_checkpoint()"));
    }

    int receivedTimeline() {
        String timeline = sql("SELECT received_tli FROM pg_stat_wal_receiver WHERE status = 'streaming'");
        return timeline.matches("\\d+") ? Integer.parseInt(timeline) : 0;
    }

    void awaitStreaming(int timeline) {
        await(() -> receivedTimeline() == timeline, "a stream of timeline " + timeline);
    }

    void awaitOpen() {
        await(this::isOpen, "connections");
    }

    boolean isOpen() {
        return run("pg_isready -q").status() == 0;
    }

    void await(BooleanSupplier condition, String what) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now())
                    .as("%s: %s%n%s", home.getFileName(), what, log())
                    .isBefore(deadline);
            Pause.milliseconds(100);
        }
    }

    String log() {
        return run("tail -n 40 \"$PGHOST\"/log").output();
    }

    boolean hasHistory(int timeline) {
        return Files.exists(history(timeline));
    }

    Path history(int timeline) {
        return home.resolve("pgdata/pg_wal/" + Timelines.name(timeline) + ".history");
    }

    String sql(String query) {
        return run("psql -XAtqc \"$1\" 2>&1", query).output().strip();
    }

    void library(String commands) {
        bash("cd " + local.scripts()
                + "; source lib/log.sh; source lib/durable.sh; source lib/timelines.sh; source instance/common.sh; "
                + commands);
    }

    String bash(String commands) {
        Tool.Result result = run(commands);
        assertThat(result.status())
                .as(commands + "\n" + result.output() + log())
                .isZero();
        return result.output();
    }

    Tool.Result run(String commands, String... arguments) {
        String[] command = new String[6 + arguments.length];
        System.arraycopy(new String[] {"bash", "-Eeuo", "pipefail", "-c", commands, "test"}, 0, command, 0, 6);
        System.arraycopy(arguments, 0, command, 6, arguments.length);
        return Tool.run(local.process(environment, command), home);
    }
}
