package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What was there before it was declared stays as it is, and is named; what locks the product out is undone. */
@Tag("long")
class DeclaredStrangersIT {

    private final LocalPair pair = new LocalPair();
    private final LocalInstance primary = pair.primary();

    @BeforeEach
    void start() {
        pair.setPassword("reporting", LocalPair.PASSWORD + "reporting");
        primary.start().awaitRole("primary");
        primary.await(
                Duration.ofSeconds(30),
                () -> primary.sql("SELECT to_regclass('postgresql_ha.declared_setting') IS NOT NULL")
                        .equals("t"),
                "the first look at what is declared");
    }

    @AfterEach
    void stop() {
        pair.close();
    }

    @Test
    void roles_and_databases_of_others_are_left_alone_and_named() {
        primary.sql("""
                CREATE ROLE reporting LOGIN CREATEDB PASSWORD 'its own'; CREATE ROLE lab; CREATE ROLE pgha_write_airflow LOGIN""");
        primary.sql("CREATE DATABASE reports OWNER reporting");
        Declaration.of(pair, """
                roles: [{name: reporting, connectionLimit: 1, databases: {airflow: readWrite}}, {name: lab, login: false}]
                databases: [{name: reports, owner: lab}]
                """);
        primary.awaitLog("role reporting is there and was not made from the specification: it is left as it is");
        primary.awaitLog("role pgha_write_airflow is there and was not made from the specification");
        primary.awaitLog("database reports belongs to reporting, and is declared as that of lab: it is left as it is");
        assertThat(primary.sql(
                        "SELECT rolcreatedb, rolconnlimit, rolcanlogin FROM pg_roles WHERE rolname = 'reporting'"))
                .isEqualTo("t|-1|t");
        assertThat(primary.sql("SELECT count(*) FROM pg_auth_members WHERE member = 'reporting'::regrole"))
                .isEqualTo("0");
        assertThat(Declaration.ask(pair, primary, "reporting", "reports", "its own", "SELECT 'in'"))
                .contains("rejects connection");
        assertThat(Declaration.ask(pair, primary, "reporting", "airflow", "its own", "SELECT 'in'"))
                .contains("permission denied for database");

        primary.sql(
                "COMMENT ON ROLE reporting IS 'declared in the specification of postgresql-ha'; DROP ROLE pgha_write_airflow");
        Declaration.of(pair, "roles: [{name: reporting, databases: {airflow: readWrite}}]");
        await("reporting", "airflow", "SELECT 'in'", "in");
        assertThat(primary.sql("SELECT rolcreatedb FROM pg_roles WHERE rolname = 'reporting'"))
                .isEqualTo("f");
    }

    /** As a restore makes them for the names in a dump. */
    @Test
    void a_role_that_has_nothing_but_its_name_is_taken_over() {
        primary.sql("CREATE ROLE reporting; CREATE ROLE pgha_read_airflow");
        primary.sql("airflow", "airflow", "CREATE TABLE rows AS SELECT 'a row' AS note");
        Declaration.of(pair, "roles: [{name: reporting, databases: {airflow: readOnly}}]");
        await("reporting", "airflow", "SELECT note FROM rows", "a row");
    }

    @Test
    void a_missing_password_is_named_and_keeps_nothing_else() {
        Declaration.of(
                pair,
                "roles: [{name: unknown, databases: {airflow: readOnly}}, {name: reporting, databases: {airflow: readOnly}}]");
        await("reporting", "airflow", "SELECT 'in'", "in");
        primary.awaitLog("unknown-password is missing or empty: role unknown, which the specification declares");
        assertThat(Declaration.ask(pair, primary, "unknown", "airflow", "x", "SELECT 'in'"))
                .contains("password authentication failed");
        pair.setPassword("unknown", LocalPair.PASSWORD + "unknown");
        await("unknown", "airflow", "SELECT 'in'", "in");
    }

    @Test
    void an_owner_cannot_keep_backup_out_for_good() {
        primary.await(
                Duration.ofSeconds(20),
                () -> {
                    // What a primary does when it starts may come after it, once.
                    primary.sql("airflow", "airflow", "REVOKE CONNECT ON DATABASE airflow FROM backup");
                    primary.sql("airflow", "airflow", "ALTER DATABASE airflow CONNECTION LIMIT 1");
                    return Declaration.ask(pair, primary, "backup", "airflow", "SELECT 'in'")
                            .contains("permission denied");
                },
                "backup is kept out");
        reconcile();
        await("backup", "airflow", "SELECT 'in'", "in");
        primary.awaitLog(
                "role backup could not connect to database airflow, which its owner or a person had closed to it: it can again");
        assertThat(primary.sql("SELECT datconnlimit FROM pg_database WHERE datname = 'airflow'"))
                .isEqualTo("-1");
        assertThat(Declaration.ask(pair, primary, "monitor", "postgres", "CREATE TEMPORARY TABLE mine (id int)"))
                .contains("permission denied to create temporary tables");
    }

    /** Records of the specification's stand where they can narrow declared roles, and never the product's own. */
    @Test
    void records_decide_who_logs_in() {
        primary.sql(
                "CREATE ROLE auditor LOGIN PASSWORD 'its own'; GRANT CONNECT ON DATABASE airflow TO auditor; CREATE ROLE chief LOGIN SUPERUSER");
        String roles = "roles: [{name: reporting, databases: {airflow: readOnly}}]\n";
        Declaration.of(pair, roles);
        await("reporting", "airflow", "SELECT 'in'", "in");
        assertThat(Declaration.ask(pair, primary, "auditor", "airflow", "its own", "SELECT 'in'"))
                .contains("rejects connection");
        Declaration.of(pair, roles + """
                hbaRecords:
                  - {users: [auditor, chief], databases: [airflow], address: 127.0.0.0/8}
                  - {users: all, address: 127.0.0.1/32, method: reject}
                """);
        primary.await(
                Duration.ofSeconds(60),
                () -> Declaration.ask(pair, primary, "auditor", "airflow", "its own", "SELECT 'in'")
                        .equals("in"),
                "the record");
        assertThat(Declaration.ask(pair, primary, "reporting", "airflow", "SELECT 'in'"))
                .contains("rejects connection");
        assertThat(Declaration.ask(pair, primary, "airflow", "airflow", "SELECT 'in'"))
                .isEqualTo("in");
        for (String role : new String[] {"monitor", "rewinder", "backup"}) {
            assertThat(Declaration.ask(pair, primary, role, "postgres", "SELECT 'in'"))
                    .isEqualTo("in");
        }
        reconcile();
        primary.awaitLog("superuser chief may log in by the network, by a record of hbaRecords");
        assertThat(primary.sql("SELECT count(*) FROM pg_hba_file_rules WHERE error IS NOT NULL"))
                .isEqualTo("0");
    }

    private void reconcile() {
        var roles = pair.local().scripts().resolve("sql/roles.sql");
        pair.local().write(roles, Project.read(roles) + "-- changed\n");
    }

    private void await(String role, String database, String statement, String answer) {
        primary.await(
                Duration.ofSeconds(80),
                () -> Declaration.ask(pair, primary, role, database, statement).equals(answer),
                role + " is told " + answer);
    }
}
