package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Base backups and archived WAL in the layout of the backup volume, made by PostgreSQL's own programs. */
final class LocalRepository implements AutoCloseable {

    private static final String BASE = """
            set -Eeuo pipefail; umask 077
            name=$1 connection=$2 folder=$BACKUP_DIRECTORY/base/$1
            export PGPASSWORD=$3
            mkdir -p "$folder"; cd "$folder"
            pg_basebackup -d "$connection" -D . -Ft -z --wal-method=none --checkpoint=fast --no-password --manifest-checksums=SHA256 2>&1
            manifest() { sed -n "s/.*\\"$1\\": *\\"\\{0,1\\}\\([0-9A-F\\/]*\\).*/\\1/p" backup_manifest | tail -n 1; }
            { echo "NAME=$name"
              echo "SYSTEM_IDENTIFIER=$(psql -XAtqw "$connection replication=true" -c IDENTIFY_SYSTEM | cut -d '|' -f 1)"
              echo "SERVER_VERSION=$(postgres --version | sed 's/^[^0-9]*//; s/ .*//')"
              echo "TIMELINE=$(manifest Timeline)"
              echo "START_LSN=$(manifest Start-LSN)"
              echo "STOP_LSN=$(manifest End-LSN)"
              date -u +STARTED=%Y-%m-%dT%H:%M:%SZ
              date -u +FINISHED=%Y-%m-%dT%H:%M:%SZ
              echo "SOURCE=$INSTANCE_NAME"
              echo "PLAIN_BYTES=$(gzip -dc base.tar.gz | wc -c)"
              echo "COMPRESSED_BYTES=$(stat -c %s base.tar.gz)"
              echo SEGMENT_BYTES=16777216
              echo TABLESPACES=0; } >base.env
            sha256sum -- base.tar.gz backup_manifest base.env >SHA256SUMS
            """;

    private final LocalPair pair;
    private final Path folder;
    private Optional<Process> receiver = Optional.empty();
    private int bases;

    LocalRepository(LocalPair pair) {
        this.pair = pair;
        folder = pair.local().makeFolder("backups");
        pair.local().makeFolder("backups/wal/receiving");
        pair.local().makeFolder("backups/base");
    }

    Path folder() {
        return folder;
    }

    Path base(String name) {
        return folder.resolve("base").resolve(name);
    }

    Path wal() {
        return folder.resolve("wal");
    }

    /** Streams what a member has from now on; what an earlier receiver left unfinished is the tail of its timeline. */
    LocalRepository receive(LocalInstance member) {
        close();
        collect();
        move("*.partial");
        String connection = connection(member, "wal_archiver");
        Map<String, String> password = Map.of("PGPASSWORD", LocalPair.PASSWORD + "replicator");
        Tool.Result slot = Tool.run(pair.local()
                .process(
                        password,
                        "pg_receivewal",
                        "-d",
                        connection,
                        "--slot=wal_archiver",
                        "--create-slot",
                        "--if-not-exists",
                        "-w"));
        assertThat(slot.status()).as(slot.output()).isZero();
        try {
            receiver = Optional.of(pair.local()
                    .process(
                            password,
                            "pg_receivewal",
                            "-d",
                            connection,
                            "--slot=wal_archiver",
                            "--directory=" + wal().resolve("receiving"),
                            "--compress=gzip",
                            "--synchronous",
                            "--no-loop",
                            "-w")
                    .redirectErrorStream(true)
                    .redirectOutput(
                            pair.local().folder().resolve("receiver.log").toFile())
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pair.local().write(wal().resolve("system-identifier"), member.systemIdentifier() + "\n");
        return this;
    }

    /** Takes a base backup, and waits until the clock is past the second in which it ended. */
    String backUp(LocalInstance member) {
        String name = String.format(Locale.ROOT, "postgresql_base_20260101_%06d", ++bases);
        Tool.Result result = member.run(
                "bash",
                "-c",
                BASE,
                "base",
                name,
                connection(member, "pg_basebackup"),
                LocalPair.PASSWORD + "replicator");
        assertThat(result.status()).as(result.output()).isZero();
        member.await(
                Duration.ofSeconds(5),
                () -> member.sql("SELECT clock_timestamp() > '" + fact(name, "FINISHED")
                                + "'::timestamptz + interval '1 second'")
                        .equals("t"),
                "the next second");
        return name;
    }

    String fact(String base, String key) {
        return pair.primary()
                .run("sed", "-n", "s/^" + key + "=//p", base(base) + "/base.env")
                .output()
                .strip();
    }

    /** Waits until all that a primary has written is received, and moves what is complete to its place. */
    void awaitArchived(LocalInstance primary) {
        String lsn = primary.sql("SELECT pg_current_wal_lsn()");
        primary.await(
                Duration.ofSeconds(20),
                () -> primary.sql("SELECT flush_lsn >= '" + lsn
                                + "' FROM pg_stat_replication WHERE application_name = 'wal_archiver'")
                        .equals("t"),
                "archived WAL up to " + lsn);
        collect();
    }

    /** Ends the segment, so that it is archived whole. */
    void switchSegment(LocalInstance primary) {
        String file = primary.sql("SELECT pg_walfile_name(pg_current_wal_lsn())");
        primary.sql("SELECT pg_switch_wal()");
        primary.await(
                Duration.ofSeconds(20),
                () -> {
                    collect();
                    return Files.exists(wal().resolve(file + ".gz"));
                },
                file);
    }

    /** The archived files of this ending, by name. */
    List<Path> files(String place, String ending) {
        try (Stream<Path> files = Files.list(wal().resolve(place))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is in it, for a test that failed. */
    String listing() {
        return pair.primary().run("ls", "-lR", folder.toString()).output();
    }

    private void collect() {
        move("*.gz");
        move("*.history*");
    }

    private void move(String pattern) {
        pair.primary()
                .run(
                        "sh",
                        "-c",
                        "for f in " + wal() + "/receiving/" + pattern + "; do [ ! -e \"$f\" ] || mv -n \"$f\" " + wal()
                                + "/; done");
    }

    private static String connection(LocalInstance member, String name) {
        return "host=127.0.0.1 port=" + member.port() + " user=replicator dbname=replication application_name=" + name;
    }

    @Override
    public void close() {
        receiver.ifPresent(running -> {
            running.destroy();
            try {
                running.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        receiver = Optional.empty();
    }
}
