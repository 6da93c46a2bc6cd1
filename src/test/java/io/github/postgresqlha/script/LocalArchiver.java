package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The WAL archiver as a process, and what it has brought into its repository. */
final class LocalArchiver implements AutoCloseable {

    private static final Pattern COMPLETE = Pattern.compile("[0-9A-F]{24}\\.gz");

    private final LocalPair pair;
    private final Path backups;
    private final Map<String, String> environment;
    private final File log;
    private Process process;

    LocalArchiver(LocalPair pair) {
        this(pair, pair.local().folder().resolve("backups"));
    }

    LocalArchiver(LocalPair pair, Path backups) {
        this.pair = pair;
        this.backups = backups;
        environment = new TreeMap<>(pair.job("replicator"));
        environment.put("REPLICATION_SLOT", "wal_archiver");
        environment.put("RUNTIME_DIRECTORY", pair.local().makeFolder("archiver").toString());
        environment.put(
                "SECRET_DIRECTORY", pair.local().folder().resolve("secret").toString());
        environment.put("BACKUP_DIRECTORY", backups.toString());
        log = pair.local().folder().resolve("archiver.log").toFile();
        process = launch();
    }

    void start() {
        process = launch();
    }

    /** Another value of a variable, from the next start on. */
    LocalArchiver with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    private Process launch() {
        try {
            return pair.local()
                    .process(environment, pair.local().scripts() + "/wal/archive.sh")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGTERM, as Kubernetes ends a container; gives the exit status. */
    int stop() {
        process.destroy();
        return process.onExit().join().exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The process of pg_receivewal. */
    long receiver() {
        return process.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("/pg_receivewal"))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    /** Loses power: the script and its receiver. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }

    Path wal() {
        return backups.resolve("wal");
    }

    String log() {
        return log.exists() ? Project.log(log.toPath()) : "";
    }

    void awaitLog(String text) {
        await(() -> log().contains(text), "in the archiver's log: " + text);
    }

    private void await(BooleanSupplier condition, String what) {
        try {
            pair.primary().await(Duration.ofSeconds(60), condition, what);
        } catch (AssertionError late) {
            throw new AssertionError(what + " within a minute; the archiver said: " + log() + "\n" + files(), late);
        }
    }

    /** Waits until it receives from this server. */
    LocalArchiver awaitStreaming(LocalInstance primary) {
        await(
                () -> primary.sql("SELECT state FROM pg_stat_replication WHERE application_name = 'wal_archiver'")
                        .equals("streaming"),
                "an archiver that streams from " + primary.name());
        return this;
    }

    /** Waits until it has all WAL that is there now. */
    void awaitFlushed(LocalInstance primary) {
        String there = primary.sql("SELECT pg_current_wal_flush_lsn()");
        await(
                () -> primary.sql("SELECT flush_lsn >= '" + there
                                + "' FROM pg_stat_replication WHERE application_name = 'wal_archiver'")
                        .equals("t"),
                "an archiver that has all WAL up to " + there);
    }

    /** Ends the current segment of a server and waits until the archive has it; gives its name. */
    String switchSegment(LocalInstance primary) {
        primary.sql("SELECT pg_logical_emit_message(true, 'test', 'a new segment')");
        String segment = primary.sql("SELECT pg_walfile_name(pg_current_wal_lsn() - 1)");
        primary.sql("SELECT pg_switch_wal()");
        awaitSegment(segment);
        return segment;
    }

    void awaitSegment(String segment) {
        await(() -> segments().contains(segment), "segment " + segment + " in the archive");
    }

    /** Names of the complete segments of all timelines, sorted. */
    List<String> segments() {
        return files().stream()
                .filter(name -> COMPLETE.matcher(name).matches())
                .map(name -> name.substring(0, 24))
                .toList();
    }

    /** The name of everything directly in the archive, sorted; files may come and go meanwhile. */
    List<String> files() {
        String[] names = wal().toFile().list();
        return names == null ? List.of() : Stream.of(names).sorted().toList();
    }

    /** Says that PostgreSQL itself can read all WAL of a timeline from one segment to another, in the archive alone. */
    void assertReadable(String first, String last) throws IOException {
        Path whole = pair.local().makeFolder("walk-" + last);
        Tool.Result unpacked = pair.primary()
                .run(
                        "bash",
                        "-c",
                        "cd " + wal() + " && for f in ????????????????????????.gz; do gzip -dc $f > " + whole
                                + "/${f%.gz}; done && stat -c %s " + whole + "/*");
        assertThat(unpacked.output().lines().distinct())
                .as("sizes of %s", segments())
                .containsExactly("16777216");
        Tool.Result read = pair.primary()
                .run("bash", "-c", "pg_waldump -q -p " + whole + " " + first + " " + last + " 2>&1; echo status $?");
        assertThat(read.output()).as("%s", files()).endsWith("status 0\n");
    }

    /** The number of a segment of 16 MB, whatever its timeline. */
    static long number(String segment) {
        return Long.parseLong(segment.substring(8, 16), 16) * 256 + Long.parseLong(segment.substring(16), 16);
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
