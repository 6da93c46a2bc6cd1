package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A dump in a server that has nothing but its superuser, by the command of the documentation. */
class ForeignServerIT {

    private static final String PLANTED = "-- globals: ALTER ROLE airflow SUPERUSER; --";

    @Test
    void a_dump_restores_into_an_empty_foreign_server() {
        try (LocalPair pair = new LocalPair()) {
            LocalInstance primary = pair.primary().start().awaitRole("primary");
            primary.sql("CREATE ROLE \"Odd reader\" LOGIN PASSWORD 'secret'");
            // What the owner writes may look like the head: nobody runs it as a superuser.
            primary.sql(
                    "airflow",
                    "airflow",
                    "CREATE TABLE runs AS SELECT i AS id, '" + PLANTED
                            + "'::text AS state FROM generate_series(1, 1000) AS i; GRANT SELECT ON runs TO \"Odd reader\"; "
                            + "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n" + PLANTED + "\nSELECT 1 $$; "
                            + "COMMENT ON TABLE runs IS E'x\n" + PLANTED + "'");
            Path dump = dump(pair, primary);
            PlainServer foreign = new PlainServer(pair.local(), 7).initialise();
            foreign.awaitOpen();
            // Other roles than postgres have to show their password, as elsewhere.
            foreign.bash(
                    "printf 'local all postgres trust\\nlocal all all scram-sha-256\\n' >\"$PGDATA\"/pg_hba.conf; psql -qc 'SELECT pg_reload_conf()' >/dev/null");
            String command = Documented.block("dump=postgresql_backup_20240101_020000.sql.gz")
                    .replace("dump=postgresql_backup_20240101_020000.sql.gz", "dump=" + dump);
            Tool.Result result = foreign.run("export PASSWORD=\"it's odd\"\n" + command);
            assertThat(result.status()).as(result.output()).isZero();
            assertThat(foreign.run(
                                    "psql -XAtqd airflow -c \"SELECT count(*), min(tableowner), has_table_privilege('Odd reader', 'runs', 'SELECT') FROM runs, pg_tables WHERE tablename = 'runs'\"")
                            .output())
                    .isEqualTo("1000|airflow|t\n");
            assertThat(foreign.sql("SELECT string_agg(rolname, ' ') FROM pg_roles WHERE rolsuper"))
                    .isEqualTo("postgres");
            foreign.stop("immediate");
        }
    }

    private static Path dump(LocalPair pair, LocalInstance primary) {
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.putAll(Map.of("PGDATABASE", "airflow", "BACKUP_RETENTION_DAYS", "7", "BACKUP_RETENTION_MINIMUM", "3"));
        Tool.Result result = primary.script(job, "backup.sh");
        assertThat(result.status()).as(result.output()).isZero();
        Path backups = pair.local().folder().resolve("backups");
        return Project.filesBelow(backups).stream()
                .filter(file -> file.toString().endsWith(".sql.gz"))
                .map(backups::resolve)
                .findFirst()
                .orElseThrow();
    }
}
