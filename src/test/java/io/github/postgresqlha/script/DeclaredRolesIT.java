package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Declared roles have what they are given and no more, on both members, after a change and after a failover. */
class DeclaredRolesIT {

    private static final String ALL = """
            roles:
              - {name: reporting, databases: {airflow: readOnly}, connectionLimit: 2, statementTimeout: 3s, idleInTransactionSessionTimeout: 10min, tempFileLimit: 1GB}
              - {name: loader, databases: {airflow: readWrite}}
              - {name: migrator, databases: {airflow: owner}}
              - {name: exporter, databases: {airflow: monitor, postgres: monitor}}
              - {name: lab, login: false}
            databases: [{name: reports, owner: lab, extensions: [pg_trgm, no_such_thing]}]
            extensions: [btree_gin]
            ownerLimits: {tempFileLimit: 2GB}
            """;

    private static final String SECRET = "SELECT min(note) FROM secret";

    private final LocalPair pair = new LocalPair();
    private final LocalInstance primary = pair.primary();

    @BeforeEach
    void start() {
        for (String role : List.of("reporting", "loader", "migrator", "exporter")) {
            pair.setPassword(role, LocalPair.PASSWORD + role);
        }
        primary.start().awaitRole("primary");
        primary.sql("airflow", "airflow", "CREATE TABLE secret (id int GENERATED ALWAYS AS IDENTITY, note text)");
        primary.sql("airflow", "airflow", "INSERT INTO secret (note) VALUES ('of before')");
        pair.standby().start().awaitRole("standby");
        pair.awaitStreaming(primary, pair.standby());
        Declaration.of(pair, ALL);
        await(primary, "loader", "airflow", SECRET, "of before");
        await(primary, "reporting", "airflow", SECRET, "of before");
    }

    @AfterEach
    void stop() {
        pair.close();
    }

    @Test
    void have_what_they_are_given_and_no_more() throws IOException {
        primary.sql("airflow", "airflow", """
                CREATE SCHEMA later; CREATE TABLE later.rows AS SELECT 'of later' AS note; CREATE VIEW seen AS SELECT note FROM later.rows""");
        assertThat(ask("reporting", "SELECT note FROM later.rows")).isEqualTo("of later");
        assertThat(ask("reporting", "SELECT note FROM seen")).isEqualTo("of later");
        for (String refused : List.of(
                "INSERT INTO secret (note) VALUES ('x')",
                "DELETE FROM secret",
                "CREATE TABLE mine (id int)",
                "CREATE TEMPORARY TABLE mine (id int)",
                "CREATE SCHEMA mine",
                "SELECT nextval('secret_id_seq')",
                "SET ROLE airflow",
                "SELECT pg_read_file('/etc/passwd')",
                "COPY secret TO PROGRAM 'true'")) {
            assertThat(ask("reporting", refused)).as(refused).containsAnyOf("permission denied", "must be owner");
        }
        assertThat(ask("reporting", "SELECT postgresql_ha.request('promote')")).contains("does not exist");
        for (String database : List.of("postgres", "template1", "reports")) {
            assertThat(Declaration.ask(pair, primary, "reporting", database, "SELECT 1"))
                    .contains("rejects connection");
        }
        assertThat(
                        ask(
                                "reporting",
                                "SELECT concat_ws(' ', current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'), current_setting('temp_file_limit'))"))
                .isEqualTo("3s 10min 1GB");
        assertThat(ask("reporting", "SELECT pg_sleep(4)")).contains("statement timeout");
        assertThat(ask("reporting", "SET temp_file_limit = -1")).contains("permission denied");
        limits_connections();

        assertThat(ask("loader", "INSERT INTO secret (note) VALUES ('loaded') RETURNING note"))
                .isEqualTo("loaded");
        assertThat(ask("loader", "CREATE TABLE mine (id int)")).contains("permission denied");
        assertThat(ask("loader", "TRUNCATE secret")).contains("permission denied");
        assertThat(ask("migrator", "CREATE TABLE migrated AS SELECT 'by its owner' AS note"))
                .isEmpty();
        assertThat(ask(
                        "reporting",
                        "SELECT note || ' ' || tableowner FROM migrated, pg_tables WHERE tablename = 'migrated'"))
                .isEqualTo("by its owner airflow");
        assertThat(
                        Declaration.ask(
                                pair,
                                primary,
                                "exporter",
                                "postgres",
                                "SELECT count(*) > 0 FROM pg_stat_activity WHERE query ~ 'postgresql_ha|START_REPLICATION' OR backend_type = 'walsender'"))
                .isEqualTo("t");
        assertThat(Declaration.ask(pair, primary, "exporter", "postgres", "SELECT postgresql_ha.request('promote')"))
                .contains("permission denied");
        assertThat(ask("exporter", SECRET)).contains("permission denied");
    }

    private void limits_connections() throws IOException {
        List<Process> held = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                held.add(pair.local()
                        .process(
                                Map.of(
                                        "PGPASSWORD",
                                        LocalPair.PASSWORD + "reporting",
                                        "PGOPTIONS",
                                        "-c statement_timeout=0"),
                                "psql",
                                "-XAtqwc",
                                "SELECT pg_sleep(60)",
                                "host=127.0.0.1 port=" + primary.port() + " user=reporting dbname=airflow")
                        .start());
            }
            primary.await(
                    Duration.ofSeconds(10),
                    () -> primary.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'reporting'")
                            .equals("2"),
                    "two sessions");
            assertThat(ask("reporting", "SELECT 1")).contains("too many connections for role");
        } finally {
            held.forEach(Process::destroy);
            primary.sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'reporting'");
        }
    }

    @Test
    void databases_and_extensions_are_made_as_declared() {
        primary.awaitLog(
                "extension no_such_thing is declared for database reports, and is not among those of this image");
        assertThat(
                        primary.sql(
                                "SELECT pg_get_userbyid(datdba), has_database_privilege('airflow', oid, 'CONNECT') FROM pg_database WHERE datname = 'reports'"))
                .isEqualTo("lab|f");
        assertThat(primary.sql(
                        "postgres",
                        "reports",
                        "SELECT pg_get_userbyid(extowner) FROM pg_extension WHERE extname = 'pg_trgm'"))
                .isEqualTo("lab");
        assertThat(primary.sql(
                        "postgres",
                        "airflow",
                        "SELECT pg_get_userbyid(extowner) FROM pg_extension WHERE extname = 'btree_gin'"))
                .isEqualTo("airflow");
        assertThat(primary.sql("airflow", "airflow", "SHOW temp_file_limit")).isEqualTo("2GB");
        assertThat(primary.log()).doesNotContain("SCRAM-SHA-256$").doesNotContain(LocalPair.PASSWORD);
    }

    @Test
    void follow_the_specification_on_whichever_member_is_primary() {
        LocalInstance standby = pair.standby();
        assertThat(Declaration.ask(pair, standby, "reporting", "airflow", SECRET))
                .isEqualTo("of before");
        primary.kill();
        standby.touchTrigger().awaitRole("primary");
        Declaration.of(pair, """
                roles:
                  - {name: reporting, databases: {airflow: readWrite}}
                  - {name: lab, login: false}
                databases: [{name: reports, owner: lab}]
                """);
        await(standby, "reporting", "airflow", "INSERT INTO secret (note) VALUES ('now') RETURNING note", "now");
        standby.awaitLog("role loader is no longer declared: it may no longer log in. What it owns stays");
        assertThat(
                        standby.sql(
                                "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolcanlogin AND rolname IN ('loader', 'migrator', 'exporter', 'reporting')"))
                .isEqualTo("reporting");
        assertThat(Declaration.ask(
                        pair, standby, "reporting", "airflow", "SELECT current_setting('statement_timeout')"))
                .isEqualTo("0");
        assertThat(standby.sql("airflow", "airflow", "SHOW temp_file_limit")).isEqualTo("-1");
        Declaration.of(
                pair,
                "roles: [{name: reporting, databases: {airflow: readOnly}}, {name: loader, databases: {airflow: readOnly}}]");
        await(standby, "loader", "airflow", "SELECT count(*) FROM secret", "2");
        assertThat(Declaration.ask(pair, standby, "reporting", "airflow", "DELETE FROM secret"))
                .contains("permission denied");
        assertThat(standby.sql("SELECT count(*) FROM pg_database WHERE datname = 'reports'"))
                .isEqualTo("1");
    }

    @Test
    void come_back_and_a_changed_password_is_used() {
        primary.sql("DROP OWNED BY loader; DROP ROLE loader; ALTER ROLE reporting SUPERUSER CONNECTION LIMIT 99");
        pair.setPassword("reporting", "another");
        assertThat(primary.stop()).isZero();
        primary.start().awaitRole("primary");
        await(primary, "loader", "airflow", SECRET, "of before");
        primary.await(
                Duration.ofSeconds(40),
                () -> Declaration.ask(pair, primary, "reporting", "airflow", "another", SECRET)
                        .equals("of before"),
                "the new password");
        assertThat(ask("reporting", SECRET)).contains("password authentication failed");
        assertThat(primary.sql("SELECT rolsuper, rolconnlimit FROM pg_roles WHERE rolname = 'reporting'"))
                .isEqualTo("f|2");
    }

    private String ask(String role, String statement) {
        return Declaration.ask(pair, primary, role, "airflow", statement);
    }

    private void await(LocalInstance server, String role, String database, String statement, String answer) {
        server.await(
                Duration.ofSeconds(80),
                () -> Declaration.ask(pair, server, role, database, statement).equals(answer),
                role + " is told " + answer);
    }
}
