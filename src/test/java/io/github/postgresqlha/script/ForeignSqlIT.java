package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a dump holds was written by whoever has the application's password: it is restored, and gets nobody's rights but the owner's. */
class ForeignSqlIT {

    private static LocalPair pair;
    private static LocalInstance primary;
    private static Path backups;
    private static Path mark;
    private static String roles;

    @BeforeAll
    static void plant() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        backups = pair.local().folder().resolve("backups");
        mark = pair.local().folder().resolve("mark");
        primary.awaitLog("open for writes");
        Tool.Result planted = primary.run(
                "psql",
                "-XqAt",
                "-v",
                "ON_ERROR_STOP=1",
                "-v",
                "mark=" + mark,
                "-h",
                primary.environment("SOCKET_DIRECTORY"),
                "-p",
                String.valueOf(primary.port()),
                "-U",
                "airflow",
                "-d",
                "airflow",
                "-f",
                Project.file("e2e/planted.sql").toString());
        assertThat(planted.status()).as(planted.output()).isZero();
        primary.sql("ALTER DATABASE airflow SET search_path = public, pg_catalog");
        primary.sql("CREATE ROLE team; GRANT team TO airflow");
        roles = roles();
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @BeforeEach
    void dump() {
        primary.run("sh", "-c", "rm -rf " + backups + "/*");
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.putAll(Map.of("PGDATABASE", "airflow", "BACKUP_RETENTION_DAYS", "7", "BACKUP_RETENTION_MINIMUM", "3"));
        Tool.Result result = primary.script(job, "backup.sh");
        assertThat(result.status()).as(result.output()).isZero();
    }

    @AfterEach
    void nobody_got_anything() {
        assertThat(roles()).isEqualTo(roles);
        assertThat(mark).doesNotExist();
    }

    @Test
    void a_dump_full_of_traps_is_restored_and_swapped_in_as_its_owner() {
        String rows = primary.sql("airflow", "airflow", "SELECT sum(n) FROM planted_7.kept");
        primary.sql("COMMENT ON DATABASE airflow IS 'it''s \"ours\"'");
        primary.sql("GRANT CONNECT ON DATABASE airflow TO monitor");
        primary.sql("ALTER ROLE backup IN DATABASE airflow SET work_mem = '5MB'");
        primary.sql("ALTER DATABASE airflow CONNECTION LIMIT 150");
        String properties = properties();
        Tool.Result result = primary.script("restore.sh", newest());
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("restored and compared: ", "limit and comment stay those of airflow as it is: {")
                .doesNotContain("WARN what");
        assertThat(properties()).isEqualTo(properties).contains("search_path=public, pg_catalog");
        assertThat(primary.sql("airflow", "airflow", "SELECT sum(n) FROM planted_7.kept"))
                .isEqualTo(rows);
        assertThat(primary.sql("airflow", "airflow", "SELECT count(*) FROM texts"))
                .isEqualTo("5");
        assertThat(primary.sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'airflow_before_%'"))
                .isEqualTo("1");
        primary.sql("DROP DATABASE "
                + primary.sql("SELECT datname FROM pg_database WHERE datname LIKE 'airflow_before_%'"));
    }

    @Test
    void what_a_superuser_made_is_restored_as_the_owners_and_said() {
        primary.sql("airflow", "postgres", "SELECT 1");
        primary.sql("postgres", "airflow", "CREATE EXTENSION IF NOT EXISTS pageinspect");
        primary.sql(
                "postgres",
                "airflow",
                "CREATE TABLE of_a_superuser AS SELECT 1 AS id; GRANT SELECT ON of_a_superuser TO monitor");
        primary.sql(
                "postgres",
                "airflow",
                "CREATE EXTENSION earthdistance CASCADE; GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO monitor");
        primary.sql(
                "airflow", "airflow", "CREATE TABLE of_a_team AS SELECT 1 AS id; REVOKE ALL ON of_a_team FROM airflow");
        primary.sql(
                "postgres",
                "airflow",
                "GRANT CREATE, USAGE ON SCHEMA public TO team; ALTER TABLE of_a_team OWNER TO team");
        try {
            dump();
            Tool.Result result = primary.script("restore.sh", newest(), "--into", "airflow_beside");
            assertThat(result.status()).as(result.output()).isZero();
            assertThat(result.output())
                    .contains(
                            "extensions that need a superuser are made before the dump is restored: earthdistance pageinspect")
                    .contains("what the dump gives to others belongs to airflow: owned by postgres: 1")
                    .contains(
                            "left out, for want of the right: GRANT ALL ON FUNCTION pg_catalog.pg_ls_dir(text) TO monitor");
            assertThat(
                            primary.sql(
                                    "airflow",
                                    "airflow_beside",
                                    "SELECT string_agg(tableowner, ' ' ORDER BY tablename) FROM pg_tables WHERE tablename LIKE 'of_a_%'"))
                    .isEqualTo("airflow team");
        } finally {
            primary.sql("DROP DATABASE IF EXISTS airflow_beside");
            primary.sql(
                    "postgres",
                    "airflow",
                    "DROP TABLE of_a_superuser, of_a_team; DROP EXTENSION pageinspect, earthdistance, cube; REVOKE ALL ON SCHEMA public FROM team; REVOKE EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) FROM monitor");
        }
    }

    @Test
    void a_dump_says_which_roles_it_needs_and_comes_back_without_them() {
        primary.sql(
                "CREATE ROLE \"Odd reader\" LOGIN PASSWORD 'secret of a reader'; COMMENT ON ROLE \"Odd reader\" IS E'two\nlines'");
        primary.sql(
                "airflow", "airflow", "CREATE TABLE read AS SELECT 1 AS id; GRANT SELECT ON read TO \"Odd reader\"");
        try {
            dump();
            primary.sql("airflow", "airflow", "DROP TABLE read");
            primary.sql("DROP ROLE \"Odd reader\"");
            Tool.Result result = primary.script("restore.sh", newest(), "--into", "airflow_beside");
            assertThat(result.status()).as(result.output()).isZero();
            assertThat(result.output()).contains("made, without login and rights: Odd reader;");
            assertThat(
                            primary.sql(
                                    "airflow",
                                    "airflow_beside",
                                    "SELECT has_table_privilege('Odd reader', 'read', 'SELECT'), rolcanlogin FROM pg_roles WHERE rolname = 'Odd reader'"))
                    .isEqualTo("t|f");
            Tool.Result head = primary.run(
                    "bash", "-c", "gzip -dc " + backups + "/" + newest() + " | sed -n '/^[^-]/q;s/^-- globals: //p'");
            assertThat(head.output())
                    .contains("CREATE ROLE \"Odd reader\";", "lines")
                    .doesNotContain("SCRAM", "secret of a reader");
            assertThat(primary.run(
                                    "bash",
                                    "-c",
                                    "gzip -dc " + backups + "/" + newest() + " | grep -a '^-- database: {'")
                            .output())
                    .contains("\"owner\" : \"airflow\"");
        } finally {
            primary.sql("DROP DATABASE IF EXISTS airflow_beside");
            primary.sql("DROP ROLE IF EXISTS \"Odd reader\"");
        }
    }

    @Test
    void limits_of_time_that_the_owner_set_for_itself_end_no_restore() {
        primary.sql("ALTER ROLE airflow SET statement_timeout = '1ms'");
        primary.sql("ALTER ROLE airflow SET transaction_timeout = '1ms'");
        primary.sql("ALTER ROLE airflow SET idle_session_timeout = '1ms'");
        primary.sql("ALTER ROLE airflow SET idle_in_transaction_session_timeout = '1ms'");
        try {
            Tool.Result result = primary.script("restore.sh", newest(), "--into", "airflow_beside");
            assertThat(result.status()).as(result.output()).isZero();
        } finally {
            primary.sql("ALTER ROLE airflow RESET ALL");
            primary.sql("DROP DATABASE IF EXISTS airflow_beside");
        }
    }

    @Test
    void a_limit_of_what_it_sorts_on_the_volume_ends_no_restore_and_holds_afterwards() {
        primary.sql(
                "airflow",
                "airflow",
                "CREATE TABLE sorted AS SELECT md5(i::text) AS t FROM generate_series(1, 60000) AS i; CREATE INDEX ON sorted (t)");
        dump();
        primary.sql(
                "ALTER ROLE airflow SET maintenance_work_mem = '1MB'; ALTER ROLE airflow SET temp_file_limit = '64kB'");
        try {
            Tool.Result result = primary.script("restore.sh", newest(), "--into", "airflow_beside");
            assertThat(result.status()).as(result.output()).isZero();
            assertThat(primary.sql("airflow", "airflow_beside", "SHOW temp_file_limit"))
                    .isEqualTo("64kB");
        } finally {
            primary.sql("ALTER ROLE airflow RESET ALL");
            primary.sql("DROP DATABASE IF EXISTS airflow_beside");
            primary.sql("airflow", "airflow", "DROP TABLE sorted");
        }
    }

    /** A dump does not choose what a superuser makes. */
    @Test
    void an_extension_that_the_database_does_not_have_is_made_only_where_a_person_names_it() {
        primary.sql("postgres", "airflow", "CREATE EXTENSION pageinspect");
        dump();
        primary.sql("postgres", "airflow", "DROP EXTENSION pageinspect");
        Tool.Result refused = primary.script("restore.sh", newest(), "--into", "airflow_beside");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).contains("--extension pageinspect makes it");
        assertThat(primary.script("restore.sh", newest(), "--into", "airflow_beside", "--extension", "pageinspect")
                        .status())
                .isZero();
        primary.sql("DROP DATABASE airflow_beside");
    }

    /** Nobody but its owner may read one, and a dump is taken as another role. */
    @Test
    void large_objects_are_dumped_and_come_back() {
        primary.sql("airflow", "airflow", "SELECT lo_from_bytea(4711, 'a large object')");
        try {
            dump();
            assertThat(primary.script("restore.sh", newest(), "--into", "airflow_beside")
                            .status())
                    .isZero();
            assertThat(primary.sql("airflow", "airflow_beside", "SELECT convert_from(lo_get(4711), 'UTF8')"))
                    .isEqualTo("a large object");
        } finally {
            primary.sql("DROP DATABASE IF EXISTS airflow_beside");
            primary.sql("airflow", "airflow", "SELECT lo_unlink(4711)");
        }
    }

    private static String properties() {
        return primary.sql(
                "SELECT datacl, datconnlimit, shobj_description(d.oid, 'pg_database'), (SELECT array_agg(setrole::text || setconfig::text ORDER BY setrole) FROM pg_db_role_setting WHERE setdatabase = d.oid) FROM pg_database d WHERE datname = 'airflow'");
    }

    private static String roles() {
        return primary.sql("SELECT string_agg(a::text, ' ' ORDER BY rolname) FROM pg_authid a")
                + primary.sql("SELECT string_agg(m::text, ' ' ORDER BY m::text) FROM pg_auth_members m");
    }

    private static String newest() {
        return Project.filesBelow(backups).stream()
                .map(Path::toString)
                .filter(name -> name.endsWith(".sql.gz"))
                .max(String::compareTo)
                .orElseThrow();
    }
}
