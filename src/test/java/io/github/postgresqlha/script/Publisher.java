package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A server elsewhere, which sends the rows of its table feed to whoever has subscribed, each once. */
final class Publisher implements AutoCloseable {

    static final String TABLE = "CREATE TABLE feed (n int PRIMARY KEY)";

    private final LocalPostgres local;
    private final Path home;
    private final int port = LocalPostgres.freePort();
    private final Map<String, String> environment = new TreeMap<>();

    Publisher(LocalPostgres local) {
        this.local = local;
        home = local.makeFolder("publisher");
        environment.putAll(Map.of("PGDATA", home + "/data", "PGHOST", home.toString(), "PGUSER", "postgres"));
        environment.putAll(Map.of("PGDATABASE", "postgres", "PGPORT", "" + port, "BIN", local.programs() + "/bin"));
        bash("""
                initdb -U postgres -A trust --no-sync >/dev/null
                printf "wal_level = logical\\nlog_connections = on\\nfsync = off\\nlisten_addresses = '127.0.0.1'\\nunix_socket_directories = '%s'\\nport = %s\\n" "$PGHOST" "$PGPORT" >>"$PGDATA"/postgresql.conf
                "$BIN"/pg_ctl start -s -w -l "$PGHOST"/log
                """);
        sql(TABLE + "; CREATE PUBLICATION feed FOR TABLE feed");
    }

    /** What a subscriber runs, one statement. */
    String subscription() {
        return "CREATE SUBSCRIPTION feed CONNECTION 'host=127.0.0.1 port=" + port
                + " user=postgres dbname=postgres' PUBLICATION feed";
    }

    /** Rows that nobody has received yet. */
    void publish(int from, int to) {
        sql("INSERT INTO feed SELECT generate_series(" + from + ", " + to + ")");
    }

    /** How often somebody connected to receive. */
    int subscribers() {
        return Integer.parseInt(bash("grep -c 'replication connection authorized' \"$PGHOST\"/log || true"));
    }

    private void sql(String commands) {
        bash("psql -qX -v ON_ERROR_STOP=1 -c '" + commands.replace("; ", "' -c '") + "'");
    }

    private String bash(String script) {
        Tool.Result result = Tool.run(local.process(environment, "bash", "-euo", "pipefail", "-c", script), home);
        assertThat(result.status()).as(result.output()).isZero();
        return result.output().strip();
    }

    @Override
    public void close() {
        bash("\"$BIN\"/pg_ctl stop -s -m immediate");
    }
}
