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
import org.junit.jupiter.api.Test;

/** The restore test of databases whose names and settings are unusual; nothing is wrong with them. */
class RestoreTestOwnerIT {

    private static SourceRepository source;

    @BeforeAll
    static void fill() {
        source = new SourceRepository();
        source.sql("CREATE TABLE runs AS SELECT i FROM generate_series(1, 10) AS i; ALTER TABLE runs OWNER TO airflow");
        source.dump("20260101_020000");
        source.base("20260101_020000");
        source.archive();
    }

    @AfterEach
    void as_it_was() {
        source.bash("psql -qX -d postgres -c 'ALTER DATABASE airflow RESET ALL'");
    }

    @AfterAll
    static void close() {
        source.close();
    }

    @Test
    void a_warning_at_the_start_of_each_session_is_no_answer() {
        source.sql("ALTER DATABASE airflow SET default_text_search_config = 'nope'");
        source.bash("""
                export PGDATABASE=postgres
                psql -qX -c 'SELECT pg_switch_wal()' >/dev/null
                until [[ "$(psql -XAtc 'SELECT flush_lsn >= pg_current_wal_lsn() FROM pg_stat_replication')" == t ]]; do sleep 0.1; done
                """);
        assertThat(prove("warning")).contains("RESULT=good\n");
    }

    @Test
    void names_of_databases_are_no_patterns_and_none_is_left_out() {
        String[] names = {"Reports", "of two words", "a\"quote", "a*", "select"};
        for (String name : names) {
            source.sql("CREATE DATABASE \"" + name.replace("\"", "\"\"") + "\"");
        }
        source.archive();
        source.receive();
        assertThat(prove("names")).contains("RESULT=good\n");
        for (String name : names) {
            source.sql("DROP DATABASE \"" + name.replace("\"", "\"\"") + "\"");
        }
    }

    private static String prove(String name) {
        Path scratch = source.local().makeFolder("scratch-" + name);
        Path found = source.local().makeFolder("result-" + name);
        Map<String, String> environment = new TreeMap<>(Map.of(
                "BACKUP_DIRECTORY", source.copy(name).toString(),
                "SCRATCH_DIRECTORY", scratch.toString(),
                "RESULT_DIRECTORY", found.toString(),
                "SCRATCH_BYTES", "1000000000",
                "DATABASE_NAME", "airflow",
                "DATABASE_OWNER", "airflow",
                "RESTORE_CHECKS", "SELECT count(*) >= 10 FROM runs\n"));
        Tool.Result result =
                Tool.run(source.local().process(environment, source.local().scripts() + "/restore-test.sh", "prove"));
        assertThat(result.status()).as(result.output()).isZero();
        return Project.read(found.resolve("record"));
    }
}
