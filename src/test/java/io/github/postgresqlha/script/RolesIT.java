package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An installation of an older version gets the roles, grants and functions that a new one has, and gets them back. */
class RolesIT {

    private static final String OLDER = Project.read(
            Project.file("src/test/resources/io/github/postgresqlha/script/roles-of-an-older-installation.sql"));

    private final LocalPair older = new LocalPair();
    private final LocalPair newer = new LocalPair();
    private final LocalInstance primary = older.primary();

    @AfterEach
    void stop() {
        older.close();
        newer.close();
    }

    @Test
    void gives_an_older_installation_what_a_new_one_has_and_gives_back_what_was_removed() {
        newer.primary().start().awaitRole("primary");
        String wanted = catalog(newer.primary());
        Path sql = older.local().scripts().resolve("sql");
        String roles = Project.read(sql.resolve("roles.sql"));
        String database = Project.read(sql.resolve("database.sql"));
        String owner = Project.read(sql.resolve("owner.sql"));
        older.local().write(sql.resolve("database.sql"), "");
        older.local().write(sql.resolve("owner.sql"), "");
        older.local().write(sql.resolve("roles.sql"), OLDER);
        primary.start().awaitRole("primary");
        primary.awaitLog("roles and grants could not be brought up to date");
        primary.sql("INSERT INTO postgresql_ha.failover_probe DEFAULT VALUES");
        assertThat(catalog(primary)).isNotEqualTo(wanted);

        older.local().write(sql.resolve("database.sql"), database);
        older.local().write(sql.resolve("owner.sql"), owner);
        older.local().write(sql.resolve("roles.sql"), roles);
        awaitCatalog(wanted);

        primary.sql(
                "DROP OWNED BY backup; DROP ROLE backup; REVOKE pg_monitor FROM monitor;"
                        + " REVOKE ALL ON FUNCTION postgresql_ha.request(text) FROM rewinder; ALTER ROLE replicator NOREPLICATION");
        assertThat(primary.stop()).isZero();
        primary.start().awaitRole("primary");
        awaitCatalog(wanted);
        primary.awaitLog("passwords set: backup");
        assertThat(primary.sql("SELECT count(*) FROM postgresql_ha.failover_probe"))
                .isEqualTo("1");
        assertThat(primary.log()).doesNotContain("SCRAM-SHA-256$");
    }

    /** The owner holds its own row, or that of its database, for as long as it likes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN; ALTER ROLE airflow PASSWORD 'x'",
                "REVOKE CONNECT ON DATABASE airflow FROM backup; BEGIN; REVOKE CONNECT ON DATABASE airflow FROM PUBLIC"
            })
    void does_not_wait_for_an_open_transaction_of_the_application(String held) throws IOException {
        primary.start().awaitRole("primary");
        Process client = older.local()
                .process(
                        Map.of(
                                "PGHOST",
                                primary.environment("SOCKET_DIRECTORY"),
                                "PGPORT",
                                String.valueOf(primary.port())),
                        "psql",
                        "-XAtqw",
                        "-U",
                        "airflow",
                        "-d",
                        "airflow")
                .start();
        try {
            client.getOutputStream()
                    .write(("SET idle_in_transaction_session_timeout = 0; " + held + ";\n")
                            .getBytes(StandardCharsets.UTF_8));
            client.getOutputStream().flush();
            primary.await(
                    Duration.ofSeconds(10),
                    () -> primary.sql("SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'")
                            .equals("1"),
                    "the open transaction");
            primary.sql("DROP FUNCTION postgresql_ha.request(text)");
            Path sql = older.local().scripts().resolve("sql/roles.sql");
            older.local().write(sql, Project.read(sql) + "-- changed\n");
            primary.await(
                    Duration.ofSeconds(60),
                    () -> primary.sql("SELECT count(*) FROM pg_proc WHERE proname = 'request'")
                            .equals("1"),
                    "the function");
            if (held.contains("FROM backup")) {
                // What came back beside it has its password, and what did not is named.
                primary.awaitLog("what airflow and its database are to have");
                primary.sql("REVOKE CONNECT ON DATABASE postgres FROM backup; DROP OWNED BY backup; DROP ROLE backup");
                older.local().write(sql, Project.read(sql) + "-- again\n");
                // The roles are looked at each 30 s, the Secret each 20 s.
                primary.await(
                        Duration.ofSeconds(90), () -> primary.news().contains("passwords set: backup"), "its password");
            }
        } finally {
            client.destroy();
        }
    }

    private void awaitCatalog(String wanted) {
        primary.await(
                Duration.ofSeconds(40),
                () -> catalog(primary).equals(wanted),
                "the roles, grants and functions of a new installation, not " + catalog(primary));
    }

    /** Roles, memberships, databases and their grants, schemas, functions and theirs; in an order of its own. */
    private static String catalog(LocalInstance instance) {
        String socket = " -h " + instance.environment("SOCKET_DIRECTORY") + " -U postgres ";
        return instance.run(
                        "bash",
                        "-c",
                        "{ pg_dumpall --globals-only --no-role-passwords" + socket
                                + "; pg_dump --schema-only -d postgres"
                                + socket
                                + "; psql -XAtc 'SELECT datname, pg_get_userbyid(datdba), datacl FROM pg_database'"
                                + socket + "; } 2>&1 | grep -vE '^(--|.(un)?restrict|$)' | sort")
                .output();
    }
}
