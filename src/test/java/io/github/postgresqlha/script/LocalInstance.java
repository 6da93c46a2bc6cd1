package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** One instance: {@code instance.sh} as a process, its volumes as folders. */
final class LocalInstance {

    private final LocalPostgres local;
    private final String name;
    private final int port;
    private final Path home;
    private final Map<String, String> environment = new TreeMap<>();
    private Optional<Process> process = Optional.empty();
    private Optional<LocalInstance> peer = Optional.empty();
    private int logged;

    LocalInstance(LocalPostgres local, String name, int port) {
        this.local = local;
        this.name = name;
        this.port = port;
        home = local.makeFolder(name);
        environment.put("INSTANCE_NAME", name);
        environment.put("INSTANCE_ROLE", name.replace("postgresql-", ""));
        environment.put("MEMBER_NUMBER", name.endsWith("primary") ? "1" : "2");
        environment.put("REPLICATION_SLOT", name.replace('-', '_'));
        environment.put("PGPORT", String.valueOf(port));
        environment.putAll(Map.of(
                "DATABASE_NAME", "airflow", "DATABASE_OWNER", "airflow", "LOCK_SECONDS", "1", "ROLL_SECONDS", "0"));
        environment.put("PGDATA", home + "/data/pgdata");
        environment.put("CONFIG_DIRECTORY", local.configuration().toString());
        environment.put("SECRET_DIRECTORY", local.folder().resolve("secret").toString());
        environment.put("BACKUP_DIRECTORY", local.makeFolder("backups").toString());
        Map.of("WAL_DIRECTORY", "wal", "RUNTIME_DIRECTORY", "tmp", "SOCKET_DIRECTORY", "run")
                .forEach((key, folder) -> environment.put(
                        key, local.makeFolder(name + "/" + folder).toString()));
        local.makeFolder(name + "/data");
    }

    /** Tells it of the other member, and of both in order. */
    void introduce(LocalInstance peer, String ports) {
        this.peer = Optional.of(peer);
        environment.put("PEER_NAME", peer.name);
        environment.put("PEER_HOST", "127.0.0.1");
        environment.put("PEER_PORT", String.valueOf(peer.port));
        environment.put("PEER_REPLICATION_SLOT", peer.name.replace('-', '_'));
        environment.put("MEMBER_HOSTS", "127.0.0.1,127.0.0.1");
        environment.put("MEMBER_PORTS", ports);
    }

    /** Another value of a variable, from the next start on. */
    LocalInstance with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    Path data() {
        return home.resolve("data/pgdata");
    }

    Path state() {
        return home.resolve("data/state");
    }

    Path runtime() {
        return home.resolve("tmp");
    }

    /** As if the other one ran, too, where neither has data. */
    LocalInstance start() {
        if (!Files.exists(data())) {
            peer.filter(other -> !other.isAlive() && !Files.exists(other.data()))
                    .ifPresent(other -> local.emptyMembers().say(other.port));
        }
        return startAlone();
    }

    LocalInstance startAlone() {
        local.emptyMembers().hush(port);
        try {
            logged = log().length(); // what an earlier process said is no news of this one
            Files.deleteIfExists(runtime().resolve("instance.role"));
            process = Optional.of(local.process(environment, local.scripts() + "/instance.sh")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(home + ".log")))
                    .start());
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int stop() { // SIGTERM, as Kubernetes ends a container
        process.ifPresent(Process::destroy);
        return exitStatus();
    }

    /** Loses power: the supervisor and all of PostgreSQL. */
    void kill() {
        long postmaster = postmaster();
        process.ifPresent(running -> {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly();
        });
        killServer(postmaster);
        exitStatus();
    }

    /** Only the supervisor, as no container runtime does it. */
    void killSupervisor() {
        process.orElseThrow().destroyForcibly();
        exitStatus();
    }

    /** PostgreSQL without its supervisor. */
    void killServer(long postmaster) {
        ProcessHandle.of(postmaster).ifPresent(server -> {
            server.descendants().forEach(ProcessHandle::destroyForcibly);
            server.destroyForcibly();
        });
        await(Duration.ofSeconds(10), () -> !ProcessHandle.of(postmaster).isPresent(), "the end of the server");
    }

    /** The process that PGDATA's lock file names; 0 where there is none. */
    long postmaster() {
        Path file = data().resolve("postmaster.pid");
        return Files.exists(file)
                ? Project.read(file).lines().findFirst().map(Long::parseLong).orElse(0L)
                : 0;
    }

    int exitStatus() {
        Process running = process.orElseThrow();
        try {
            assertThat(running.waitFor(60, TimeUnit.SECONDS))
                    .as("%s ends: %s", name, log())
                    .isTrue();
            return running.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    boolean isAlive() {
        return process.map(Process::isAlive).orElse(false);
    }

    String role() {
        Path file = runtime().resolve("instance.role");
        return Files.exists(file) ? Project.log(file).strip() : "";
    }

    LocalInstance awaitRole(String role) {
        await(Duration.ofSeconds(40), () -> role().equals(role), "role " + role);
        if (role.equals("primary")) {
            peer.ifPresent(other -> local.emptyMembers().hush(other.port));
        }
        return this;
    }

    void awaitLog(String text) {
        await(Duration.ofSeconds(40), () -> news().contains(text), "in the log: " + text);
    }

    void await(Duration limit, BooleanSupplier condition, String what) {
        Instant deadline = Instant.now().plus(limit);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now())
                    .as("%s: waits for %s%n%s", name, what, log())
                    .isBefore(deadline);
            Pause.milliseconds(50);
        }
    }

    /** What the container would have logged. */
    String log() {
        Path file = Path.of(home + ".log");
        return Files.exists(file) ? Project.log(file) : "";
    }

    /** What it logged since its last start. */
    String news() {
        return log().substring(logged);
    }

    /** Asks for its promotion, as people do. */
    LocalInstance touchTrigger() {
        run("touch", runtime().resolve("promote_trigger").toString());
        return this;
    }

    /** PostgreSQL's own pg_ctl by its full path, past the one in the container's PATH. */
    Tool.Result realPgCtl(String action, String... options) {
        String command =
                local.programs() + "/bin/pg_ctl " + action + " -w -t 30 -l " + home + "/by-hand.log -D " + data();
        return run(Stream.concat(Stream.of(command.split(" ", -1)), Stream.of(options))
                .toArray(String[]::new));
    }

    String timeline() {
        return sql("SELECT left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)");
    }

    /** Of its data, whether PostgreSQL runs or not. */
    String systemIdentifier() {
        return run("sh", "-c", "pg_controldata " + data() + " | sed -n 's/Database system identifier: *//p'")
                .output()
                .strip();
    }

    /** The table whose rows are counted. */
    LocalInstance createRows() {
        sql("airflow", "airflow", "CREATE TABLE rows (id bigint GENERATED ALWAYS AS IDENTITY, note text)");
        return this;
    }

    /** Inserts rows, each its own transaction; every one is acknowledged when this returns. */
    void insert(int rows, String note) {
        sql(
                "airflow",
                "airflow",
                "DO $$ BEGIN FOR i IN 1.." + rows + " LOOP INSERT INTO rows (note) VALUES ('" + note
                        + "'); COMMIT; END LOOP; END $$");
    }

    /** How many rows of each note there are: {@code a=10 b=5}. */
    String rows() {
        return sql(
                "airflow",
                "airflow",
                "SELECT string_agg(note || '=' || n, ' ' ORDER BY note) FROM (SELECT note, count(*) AS n FROM rows GROUP BY note) AS notes");
    }

    LocalInstance awaitRows(String expected) {
        await(Duration.ofSeconds(20), () -> rows().equals(expected), "rows " + expected);
        return this;
    }

    /** SQL by the socket, as {@code psql} by {@code kubectl exec}. */
    String sql(String query) {
        return sql("postgres", "postgres", query);
    }

    String sql(String role, String database, String query) {
        String[] psql = {"psql", "-XAtqwv", "ON_ERROR_STOP=1", "-h", environment("SOCKET_DIRECTORY")};
        String[] asked = {"-U", role, "-d", database, "-c", query};
        return run(Stream.of(psql, asked).flatMap(Stream::of).toArray(String[]::new))
                .output()
                .strip();
    }

    /** A program in the container. */
    Tool.Result run(String... command) {
        return Tool.run(local.process(environment, command), home);
    }

    /** A script in the container, which sees both members. */
    Tool.Result script(String path, String... arguments) {
        Map<String, String> both = new TreeMap<>(environment);
        both.put("PGPORT", environment.getOrDefault("MEMBER_PORTS", String.valueOf(port)));
        return script(both, path, arguments);
    }

    Tool.Result script(Map<String, String> variables, String path, String... arguments) {
        Map<String, String> all = new TreeMap<>(environment);
        all.putAll(variables);
        String[] command = new String[arguments.length + 1];
        command[0] = local.scripts() + "/" + path;
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return Tool.run(local.process(all, command), home);
    }

    String environment(String variable) {
        return environment.getOrDefault(variable, "");
    }
}
