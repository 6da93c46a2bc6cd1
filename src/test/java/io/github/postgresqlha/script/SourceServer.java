package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A server elsewhere, whose database old is imported: another encoding and locale, and nobody gets in without a password. */
final class SourceServer implements AutoCloseable {

    static final String PASSWORD = "p@ss/w:rd%+#?&= \\'\"$x\u00e9";

    private final LocalPostgres local;
    private final Path home;
    private final int port = LocalPostgres.freePort();
    private final Map<String, String> environment = new TreeMap<>();

    SourceServer(LocalPostgres local) {
        this.local = local;
        home = local.makeFolder("source");
        environment.putAll(Map.of("PGDATA", home + "/data", "PGHOST", home.toString(), "PGUSER", "postgres"));
        environment.putAll(Map.of("PGDATABASE", "postgres", "PGPORT", "" + port, "BIN", local.programs() + "/bin"));
        bash("""
                initdb -U postgres -A trust --no-sync --locale=C --encoding=LATIN1 >/dev/null
                printf "fsync = off\\nmax_prepared_transactions = 2\\nlisten_addresses = '127.0.0.1'\\nunix_socket_directories = '%s'\\nport = %s\\n" "$PGHOST" "$PGPORT" >>"$PGDATA"/postgresql.conf
                printf "local all all trust\\nhost all all all scram-sha-256\\n" >"$PGDATA"/pg_hba.conf
                "$BIN"/pg_ctl start -s -w -l "$PGHOST"/log
                """);
        sql(
                "postgres",
                "CREATE ROLE old LOGIN; CREATE ROLE other; GRANT other TO old; CREATE DATABASE old OWNER old TEMPLATE template0 ENCODING UTF8 LOCALE 'C'");
        local.write(
                local.folder().resolve("source.sql"),
                "ALTER ROLE old PASSWORD " + literal() + "; ALTER ROLE postgres PASSWORD " + literal());
        // In the database that is in UTF8: the verifier is made of the bytes that the server's encoding has for the
        // password.
        bash("PGCLIENTENCODING=UTF8 psql -qX -v ON_ERROR_STOP=1 -d old -f "
                + local.folder().resolve("source.sql"));
    }

    private static String literal() {
        return "'" + PASSWORD.replace("'", "''") + "'";
    }

    /** Tables as an application makes them, of {@code rows} rows each. */
    SourceServer fill(int rows) {
        sql("""
                CREATE TABLE runs (id serial PRIMARY KEY, state text, note jsonb DEFAULT '{}');
                INSERT INTO runs (state) SELECT 'state ' || i FROM generate_series(1, %1$s) AS i;
                CREATE TABLE "Mixed ""Case"" é" AS SELECT i AS one FROM generate_series(1, %1$s) AS i;
                CREATE TABLE "line
                break" (id int);
                CREATE TABLE days (id int, day date) PARTITION BY HASH (id);
                CREATE TABLE days_0 PARTITION OF days FOR VALUES WITH (modulus 2, remainder 0);
                CREATE TABLE days_1 PARTITION OF days FOR VALUES WITH (modulus 2, remainder 1);
                INSERT INTO days SELECT i, '2026-01-01' FROM generate_series(1, %1$s) AS i;
                CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM runs;
                CREATE INDEX runs_state ON runs (lower(state));
                SELECT lo_from_bytea(0, 'large')""".formatted(rows));
        return this;
    }

    /** As the database's owner, in it. */
    String sql(String commands) {
        return sql("old", commands);
    }

    private String sql(String role, String commands) {
        return bash("psql -qXAt -v ON_ERROR_STOP=1 -U " + role + " -d " + role + " <<'SQL'\n" + commands + "\n;\nSQL");
    }

    String asSuperuser(String commands) {
        return bash("psql -qXAt -v ON_ERROR_STOP=1 -d old <<'SQL'\n" + commands + "\n;\nSQL");
    }

    /** The file of the owner's SQL, run as the owner. */
    void runFile(Path file, String mark) {
        bash("psql -qXAt -v ON_ERROR_STOP=1 -v mark=" + mark + " -U old -d old -f " + file);
    }

    /** A session of its own, until it is destroyed. */
    Process session(String commands) {
        return session("old", commands);
    }

    Process superuserSession(String commands) {
        return session("postgres", commands);
    }

    private Process session(String role, String commands) {
        try {
            return local.process(environment, "psql", "-qX", "-U", role, "-d", "old", "-c", commands)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "postgresql+psycopg2://old:" + encoded() + "@127.0.0.1:" + port
                + "/old?sslmode=disable&connect_timeout=3";
    }

    /** As a superuser of the server, whom no policy keeps rows from. */
    String superuserUrl() {
        return url().replace("//old:", "//postgres:");
    }

    static String encoded() {
        return URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Where bootstrap.fromDatabase has it. */
    Map<String, String> environment() {
        Path folder = local.folder().resolve("import");
        local.makeFolder("import");
        local.write(folder.resolve("password"), PASSWORD + "\n");
        return Map.of(
                "IMPORT_HOST",
                "127.0.0.1",
                "IMPORT_PORT",
                "" + port,
                "IMPORT_DATABASE",
                "old",
                "IMPORT_USER",
                "old",
                "IMPORT_SSLMODE",
                "disable",
                "IMPORT_DIRECTORY",
                folder.toString());
    }

    /** Runs import-database.sh on a member, with the URL on standard input. */
    Tool.Result importInto(LocalInstance member, Map<String, String> changes, String... arguments) {
        return importInto(member, url() + "\n", changes, arguments);
    }

    Tool.Result importInto(LocalInstance member, String input, Map<String, String> changes, String... arguments) {
        return Tool.run(starting(member, input, changes, arguments), home);
    }

    ProcessBuilder starting(LocalInstance member, String input, Map<String, String> changes, String... arguments) {
        Map<String, String> all = new TreeMap<>();
        for (String name : List.of(
                "MEMBER_HOSTS", "DATABASE_NAME", "DATABASE_OWNER", "SECRET_DIRECTORY", "PGDATA", "RUNTIME_DIRECTORY")) {
            all.put(name, member.environment(name));
        }
        all.put("PGPORT", member.environment("MEMBER_PORTS"));
        all.putAll(changes);
        Path file = local.folder().resolve("source.url");
        local.write(file, input);
        List<String> command = new ArrayList<>(List.of(local.scripts() + "/import-database.sh"));
        command.addAll(Arrays.asList(arguments));
        return local.process(all, command.toArray(new String[0])).redirectInput(file.toFile());
    }

    /** A file of a table that takes no room and says that it does. */
    void grow(String table, long bytes) {
        bash("truncate -s " + bytes + " \"$PGDATA\"/\"$(psql -XAt -d old -c \"SELECT pg_relation_filepath('" + table
                + "')\")\"");
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
