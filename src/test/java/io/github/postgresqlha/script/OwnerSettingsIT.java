package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the application sets for its database or its role, and the locale that its database was made with: a dump comes back as it was. */
@Tag("long")
class OwnerSettingsIT {

    private static LocalPair pair;
    private static LocalInstance primary;
    private static Path backups;

    @BeforeAll
    static void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        primary.awaitLog("open for writes");
        backups = pair.local().folder().resolve("backups");
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @BeforeEach
    void empty() {
        primary.run("bash", "-c", "rm -f " + backups + "/postgresql_backup_*");
        make("");
    }

    /** Each session begins with a warning then, which is no answer. */
    @ParameterizedTest
    @ValueSource(strings = {"role = airflow", "default_text_search_config = 'nope'", "client_min_messages = debug1"})
    void a_setting_that_each_session_warns_of_keeps_no_dump_from_being_taken(String setting) {
        primary.sql("airflow", "airflow", "CREATE TABLE t AS SELECT 7 AS i; ALTER DATABASE airflow SET " + setting);
        String dump = backUp();
        Tool.Result restored = primary.script("restore.sh", dump);
        assertThat(restored.status()).as(restored.output()).isZero();
        assertThat(primary.sql("airflow", "airflow", "SELECT i FROM t")).endsWith("7");
    }

    @Test
    void null_in_an_array_stays_null() {
        primary.sql("airflow", "airflow", "CREATE TABLE arrays AS SELECT ARRAY['a', NULL]::text[] AS x");
        primary.sql("airflow", "airflow", "ALTER ROLE airflow SET array_nulls = off");
        Tool.Result restored = primary.script("restore.sh", backUp());
        primary.sql("airflow", "airflow", "ALTER ROLE airflow RESET array_nulls");
        assertThat(restored.status()).as(restored.output()).isZero();
        assertThat(primary.sql("airflow", "airflow", "SELECT x[2] IS NULL FROM arrays"))
                .isEqualTo("t");
    }

    @Test
    void the_database_keeps_encoding_and_locale() {
        make("LC_COLLATE 'C' LC_CTYPE 'C' ENCODING 'LATIN1'");
        String was = locale();
        assertThat(was).contains("C|C|LATIN1");
        Tool.Result restored = primary.script("restore.sh", backUp());
        assertThat(restored.status()).as(restored.output()).isZero();
        assertThat(restored.output()).doesNotContain("another locale", "stay those of");
        assertThat(locale()).isEqualTo(was);
    }

    /** PostgreSQL 17 has one more provider. */
    @Test
    void the_database_keeps_its_provider() {
        int major = LocalMajor.VERSION.major();
        make(
                major >= 17
                        ? "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
                        : "LOCALE_PROVIDER icu ICU_LOCALE 'de' LOCALE 'C'");
        String was = locale();
        assertThat(was).startsWith(major >= 17 ? "b|C|C" : "i|C|C");
        Tool.Result restored = primary.script("restore.sh", backUp());
        assertThat(restored.status()).as(restored.output()).isZero();
        assertThat(locale()).isEqualTo(was);
    }

    /** One of before the locale was in its head; and a head that is no locale's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "s/\"localeProvider\" : \"c\", //",
                "s/\"collate\" : \"[^\"]*\"/\"collate\" : \"C' TEMPLATE postgres\"/"
            })
    void a_dump_that_does_not_say_its_locale_is_restored_with_a_warning(String change) {
        make("LC_COLLATE 'C' LC_CTYPE 'C'");
        String dump = backUp();
        Tool.Result changed = primary.run(
                "bash",
                "-euc",
                "cd " + backups + "; gzip -dc " + dump + " | sed '" + change.replace("'", "'\\''")
                        + "' | gzip > x; mv x " + dump + "; sha256sum " + dump + " > " + dump + ".sha256");
        assertThat(changed.status()).as(changed.output()).isZero();
        Tool.Result restored = primary.script("restore.sh", dump);
        assertThat(restored.status()).as(restored.output()).isZero();
        assertThat(restored.output()).contains("another locale");
    }

    private static String locale() {
        return primary.sql(
                "SELECT datlocprovider, datcollate, datctype, pg_encoding_to_char(encoding), to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale' FROM pg_database AS d WHERE datname = 'airflow'");
    }

    private static void make(String options) {
        primary.sql("DROP DATABASE IF EXISTS airflow WITH (FORCE)");
        primary.run(
                "bash",
                "-c",
                "psql -XAtqw -h $SOCKET_DIRECTORY -U postgres -c \"SELECT format('DROP DATABASE %I', datname) FROM pg_database WHERE datname LIKE 'airflow_before_%'\" | psql -Xqw -h $SOCKET_DIRECTORY -U postgres");
        assertThat(primary.sql("CREATE DATABASE airflow OWNER airflow TEMPLATE template0 " + options))
                .isEmpty();
        primary.sql("GRANT CONNECT ON DATABASE airflow TO backup");
    }

    private static String backUp() {
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.putAll(Map.of("PGDATABASE", "airflow", "BACKUP_RETENTION_DAYS", "7", "BACKUP_RETENTION_MINIMUM", "3"));
        Tool.Result result = primary.script(job, "backup.sh");
        assertThat(result.status()).as(result.output()).isZero();
        return primary.run("bash", "-c", "cd " + backups + " && ls *.sql.gz")
                .output()
                .strip();
    }
}
