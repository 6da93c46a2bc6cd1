package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A dump with checksums that agree and content that pg_dump never wrote: whoever can write where the copy outside lies makes one. */
class ForgedDumpIT {

    private static final String ROLES = "SELECT string_agg(a::text, ' ' ORDER BY rolname) FROM pg_authid a";

    private final LocalPair pair = new LocalPair();
    private final LocalInstance primary = pair.primary();
    private final Path backups = pair.local().folder().resolve("backups");
    private final Path mark = pair.local().folder().resolve("mark");
    private String dump;
    private String roles;

    @BeforeEach
    void dump() {
        primary.start().awaitRole("primary");
        primary.awaitLog("open for writes");
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.putAll(Map.of("PGDATABASE", "airflow", "BACKUP_RETENTION_DAYS", "7", "BACKUP_RETENTION_MINIMUM", "3"));
        Tool.Result result = primary.script(job, "backup.sh");
        assertThat(result.status()).as(result.output()).isZero();
        dump = Project.filesBelow(backups).stream()
                .map(Path::toString)
                .filter(name -> name.endsWith(".sql.gz"))
                .findFirst()
                .orElseThrow();
        roles = primary.sql(ROLES);
    }

    @AfterEach
    void nobody_got_anything() {
        try {
            assertThat(primary.sql(ROLES)).isEqualTo(roles);
            assertThat(mark).doesNotExist();
        } finally {
            pair.close();
        }
    }

    /** Whoever can write on the backup volume has every checksum right. */
    @Test
    void it_gets_no_command_of_psql_through() {
        refuses("printf '\\\\! touch %s\\n' " + mark, "it holds a command of psql");
        refuses("printf '\\\\unrestrict x\\n\\\\! touch %s\\n' " + mark, "it holds a command of psql");
        refuses("printf 'SELECT 1 \\\\! touch %s\\n;\\n' " + mark, "backslash commands are restricted");
        refuses(
                "printf 'SELECT $$a\\n\\\\! touch %s\\n$$ \\\\g |touch %s\\n' " + mark + " " + mark,
                "backslash commands are restricted");
        refuses(
                "printf 'CREATE EXTENSION IF NOT EXISTS \"x; y\" WITH SCHEMA public;\\n'",
                "extension \"x; y\" is not available");
        refuses("printf 'COPY a;\\\\!touch.b (x) FROM stdin;\\n1\\n\\\\.\\n'", "it holds a COPY that");
    }

    /** Behind the end of the restore's transaction the database that serves would be within reach. */
    @Test
    void it_ends_no_transaction_and_drops_no_database() {
        String role = "it holds ALTER ROLE, which pg_dump does not write";
        String commit = "it holds COMMIT, which pg_dump does not write";
        refuses("printf 'ALTER ROLE airflow SUPERUSER;\\n'", role);
        refuses("printf 'SET SESSION AUTHORIZATION postgres;\\nALTER ROLE airflow SUPERUSER;\\n'", role);
        refuses("printf 'COMMIT;\\nSET ROLE postgres;\\n'", commit);
        refuses("printf 'COMMIT;\\nDROP DATABASE airflow WITH (FORCE);\\n'", commit);
        refuses("printf 'SELECT 1; /* ; */ commit\\nwork;\\n'", "it holds commit, which");
        refuses("printf 'SELECT 1\\\\; COMMIT;\\n'", commit);
        refuses("printf \"SELECT E'a'\\n'b\\\\\\\\' c '; COMMIT; SELECT '';\\n\"", commit);
        refuses("printf 'BEGIN;\\nCOMMIT;\\nCOMMIT;\\n'", commit);
        refuses("printf 'drop database airflow;\\n'", "it holds drop database, which");
        refuses("printf 'SET standard_conforming_strings = off;\\n'", "it holds SET standard_conforming_strings");
        refuses("printf 'COPY (SELECT 1) TO stdout; -- FROM stdin;\\nCOMMIT;\\n\\\\.\\n'", "it holds a COPY that");
        refuses(
                "printf 'CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END;\\nEND;\\n'",
                "it holds END, which");
    }

    /** Before everything else in the newest dump, with checksums that agree. */
    private void refuses(String planted, String reason) {
        Tool.Result forged = primary.run(
                "bash",
                "-c",
                "cd " + backups + " && cp " + dump + " kept && { " + planted + "; zcat kept; } | gzip >x && mv -f x "
                        + dump + " && sha256sum " + dump + " >" + dump + ".sha256");
        assertThat(forged.status()).as(forged.output()).isZero();
        Tool.Result result = primary.script("restore.sh", dump);
        assertThat(result.status()).as(result.output()).isEqualTo(1);
        assertThat(result.output()).contains(reason).contains("restore failed; database airflow is as it was");
        assertThat(mark).doesNotExist();
        primary.run("bash", "-c", "cd " + backups + " && mv -f kept " + dump);
    }
}
