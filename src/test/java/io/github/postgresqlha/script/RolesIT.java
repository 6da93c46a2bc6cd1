package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
        older.local().write(sql.resolve("database.sql"), "");
        older.local().write(sql.resolve("roles.sql"), OLDER);
        primary.start().awaitRole("primary");
        primary.awaitLog("roles and grants could not be brought up to date");
        primary.sql("INSERT INTO postgresql_ha.failover_probe DEFAULT VALUES");
        assertThat(catalog(primary)).isNotEqualTo(wanted);

        older.local().write(sql.resolve("database.sql"), database);
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
