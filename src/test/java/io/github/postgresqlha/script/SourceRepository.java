package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A server whose dumps, base backups and WAL are real and lie where the product keeps them. It has no data checksums, so that a
 * damaged page stays unnoticed until somebody looks.
 */
final class SourceRepository implements AutoCloseable {

    private final LocalPostgres local = LocalPostgres.create();
    private final Path home = local.makeFolder("source");
    private final Path live = local.makeFolder("live");
    private final Map<String, String> environment = new TreeMap<>();
    private final Process receiver;

    SourceRepository() {
        String port = String.valueOf(LocalPostgres.freePort());
        environment.putAll(Map.of("PGHOST", home.toString(), "PGPORT", port, "PGUSER", "postgres", "TZ", "UTC0"));
        environment.putAll(Map.of("PGDATABASE", "airflow", "LIVE", live.toString(), "PGDATA", home + "/data"));
        environment.put("PROGRAMS", local.programs() + "/bin");
        bash("""
                without=$(initdb --help | grep -o -m 1 -e --no-data-checksums || true)
                initdb ${without} -U postgres --encoding=UTF8 --locale=C.UTF-8 -A trust >/dev/null
                printf "listen_addresses = ''\\nunix_socket_directories = '%s'\\nport = %s\\nautovacuum = off\\nmax_prepared_transactions = 5\\n" "$PGHOST" "$PGPORT" >>"$PGDATA/postgresql.conf"
                "$PROGRAMS"/pg_ctl start -s -w -l "$PGHOST/log"
                mkdir -p "$LIVE"/base "$LIVE"/wal/receiving
                psql -qX -d postgres -c "CREATE ROLE airflow LOGIN" -c "CREATE ROLE reader" -c "CREATE DATABASE airflow OWNER airflow"
                pg_receivewal --slot=wal_archiver --create-slot
                pg_controldata | sed -n 's/^Database system identifier: *//p' >"$LIVE"/wal/system-identifier
                """);
        try {
            receiver = local.process(
                            environment,
                            "pg_receivewal",
                            "--slot=wal_archiver",
                            "--compress=gzip",
                            "--synchronous",
                            "-D",
                            live + "/wal/receiving")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LocalPostgres local() {
        return local;
    }

    /** Runs it where the server and {@code $LIVE}, its repository, are known; it has to succeed. */
    String bash(String script) {
        Tool.Result result = Tool.run(local.process(environment, "bash", "-euo", "pipefail", "-c", script), home);
        assertThat(result.status()).as(result.output()).isZero();
        return result.output().strip();
    }

    void sql(String commands) {
        bash("psql -qX -v ON_ERROR_STOP=1 <<'SQL'\n" + commands + "\nSQL");
    }

    /** A dump with its checksum, as the nightly job leaves it. */
    void dump(String stamp) {
        bash("""
                cd "$LIVE" && name=postgresql_backup_%s.sql.gz
                pg_dump --encoding=UTF8 | gzip >$name && sha256sum $name >$name.sha256
                """.formatted(stamp));
    }

    /** A base backup without WAL, with the file that one of a standby has. */
    void base(String stamp) {
        bash("""
                folder="$LIVE"/base/postgresql_base_%s
                touch "$PGDATA"/standby.signal
                pg_basebackup -Ft -z --wal-method=none --checkpoint=fast --no-sync -D "$folder" 2>/dev/null && cd "$folder"
                rm "$PGDATA"/standby.signal
                range() { grep -o "\\"$1\\": *\\"[^\\"]*\\"" backup_manifest | tail -n 1 | cut -d '"' -f 4; }
                {
                  printf 'NAME=%%s\\nSYSTEM_IDENTIFIER=%%s\\n' "${folder##*/}" "$(<"$LIVE"/wal/system-identifier)"
                  printf 'SERVER_VERSION=%%s\\nTIMELINE=1\\n' "$(psql -XAtc 'SHOW server_version')"
                  printf 'START_LSN=%%s\\nSTOP_LSN=%%s\\n' "$(range Start-LSN)" "$(range End-LSN)"
                  printf 'STARTED=2026-01-01T00:00:00Z\\nFINISHED=2026-01-01T00:00:01Z\\nSOURCE=postgresql-standby\\n'
                  printf 'PLAIN_BYTES=%%s\\nSEGMENT_BYTES=16777216\\nTABLESPACES=0\\n' "$(du -sb "$PGDATA" | cut -f 1)"
                } >base.env
                sha256sum -- * >/tmp/sums.$$ && mv /tmp/sums.$$ SHA256SUMS
                """.formatted(stamp));
    }

    /** Waits until all WAL so far is received, and files the complete segments. */
    void archive() {
        String beat = "CREATE TABLE IF NOT EXISTS heartbeat (at timestamptz); INSERT INTO heartbeat VALUES (now())";
        sql(beat);
        String segment = bash("psql -XAtc 'SELECT pg_walfile_name(pg_current_wal_lsn())'");
        sql("SELECT pg_switch_wal();" + beat);
        Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (!Files.exists(live.resolve("wal/receiving/" + segment + ".gz")) || !isReceived()) {
            assertThat(Instant.now()).as("segment " + segment).isBefore(deadline);
            Pause.milliseconds(50);
        }
        bash("find \"$LIVE\"/wal/receiving -name '*.gz' -exec mv -n -t \"$LIVE\"/wal {} +");
    }

    /** Whether the receiver has written down everything. */
    private boolean isReceived() {
        return bash("psql -XAtc \"SELECT flush_lsn >= pg_current_wal_lsn() FROM pg_stat_replication WHERE application_name = 'pg_receivewal'\"")
                .equals("t");
    }

    /** Waits for what was not followed by a whole segment. */
    void receive() {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (!isReceived()) {
            assertThat(Instant.now()).as("the receiver").isBefore(deadline);
            Pause.milliseconds(50);
        }
    }

    /** What is there now, as a repository of its own that a test may spoil. */
    Path copy(String name) {
        bash("cp -r \"$LIVE\" " + local.folder().resolve(name));
        return local.folder().resolve(name);
    }

    @Override
    public void close() {
        receiver.destroy();
        receiver.onExit().join();
        bash("\"$PROGRAMS\"/pg_ctl stop -s -m immediate");
        local.delete();
    }
}
