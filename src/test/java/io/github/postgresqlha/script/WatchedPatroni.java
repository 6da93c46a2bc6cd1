package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A member's Patroni, started as its supervisor does it: after the wait for a former primary. */
final class WatchedPatroni {

    /** With all of its libraries. The other members are asked at their own addresses. The role is noted here, not by its loop. */
    private static final String SUPERVISOR = """
            cd "$1"
            script_dir=. RUNTIME_DIRECTORY=$2 CONFIG_DIRECTORY=$2 STATE_DIRECTORY=$2 PGDATA=$2/data PATRONI_PORT=8008 INSTANCE_NAME=$3 others=$4
            source <(grep '^source ' patroni.sh)
            told_to_begin='' role=starting
            tick() { sleep 0.2; look_at_clock; }
            pause() { sleep "$1"; look_at_clock; }
            other_members() { tr ',' '\\n' <<<"${others}"; }
            look_at_clock
            await_former_primary
            : >"${RUNTIME_DIRECTORY}/begun"
            """;

    private final LocalPostgres local;
    private final LocalPatroni patroni;
    private final String others;
    private Optional<Process> supervisor = Optional.empty();

    /** Its number gives it a name and an address. */
    WatchedPatroni(LocalPostgres local, LocalKubernetes kubernetes, int number, int returnTimeout, String others) {
        this.local = local;
        this.others = others;
        patroni = new LocalPatroni(local, kubernetes, number);
        local.write(
                patroni.home().resolve("patroni-dynamic.yml"),
                "ttl: 20\nprimary_return_timeout: %s\n".formatted(returnTimeout));
    }

    LocalPatroni patroni() {
        return patroni;
    }

    /** A new database here, and a standby that streams from it. */
    void serveWith(WatchedPatroni standby) throws IOException, InterruptedException {
        patroni.serveWith(standby.patroni);
        note("primary");
        standby.note("standby");
    }

    /** The role that it had last. */
    private void note(String role) {
        local.write(patroni.home().resolve("last-role"), role + "\n");
    }

    /** Returns at once; Patroni follows when nobody is waited for any more. */
    void start() throws IOException {
        Files.deleteIfExists(patroni.home().resolve("begun"));
        supervisor = Optional.of(local.process(
                        Map.of(),
                        "bash",
                        "-Euo",
                        "pipefail",
                        "-c",
                        SUPERVISOR,
                        "supervisor",
                        local.scripts().toString(),
                        patroni.home().toString(),
                        patroni.name(),
                        others)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        local.folder().resolve(patroni.name() + ".supervisor").toFile()))
                .start());
    }

    /** Its wait is over, within a minute; then Patroni runs. */
    void begin() throws IOException, InterruptedException {
        require("the end of its wait", this::hasBegun);
        patroni.start();
    }

    boolean hasBegun() {
        return Files.exists(patroni.home().resolve("begun"));
    }

    /** As a person does it, in the container. */
    void trigger() {
        local.write(patroni.home().resolve("promote_trigger"), "");
    }

    /** In order: Patroni stops PostgreSQL and gives the lock back. */
    void stop() {
        leave();
        patroni.stop();
    }

    void kill() {
        leave();
        patroni.kill();
    }

    private void leave() {
        supervisor.ifPresent(running -> running.destroyForcibly().onExit().join());
    }

    boolean isPrimary() {
        return patroni.isPrimary();
    }

    boolean streams() {
        return patroni.streams();
    }

    boolean has(String table) {
        return patroni.sql("SELECT to_regclass('" + table + "') IS NOT NULL").equals("t");
    }

    /** From here on nothing reaches this standby any more, and nobody notices. */
    void stopReceiving() {
        patroni.bash("kill -STOP $(pgrep -P $(head -n 1 \"$PGDATA/postmaster.pid\") -f walreceiver)");
    }

    /** What its supervisor said, and what Patroni did last. */
    String log() {
        return patroni.bash("cd \"$HOME\"/..; cat " + patroni.name() + ".supervisor; tail -c 5000 " + patroni.name()
                        + ".log")
                .output();
    }

    /** Within a minute, and fails with the member's log. */
    void require(String what, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 240 && !condition.getAsBoolean(); i++) {
            Thread.sleep(250);
        }
        assertThat(condition.getAsBoolean()).as("%s\n%s", what, log()).isTrue();
    }
}
