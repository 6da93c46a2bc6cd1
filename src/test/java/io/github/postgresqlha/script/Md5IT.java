package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where md5 was chosen, clients have it and the product's own roles keep SCRAM; the way there and back needs no other password. */
@Tag("long")
class Md5IT {

    private static final String KINDS =
            "SELECT string_agg(rolname || '=' || left(rolpassword, 3), ' ' ORDER BY rolname) FROM pg_authid WHERE rolname IN ('airflow', 'reporting', 'monitor', 'replicator', 'backup')";
    private static final String ROLES = "roles: [{name: reporting, databases: {airflow: readOnly}}]\n";

    private final LocalPair pair = new LocalPair();
    private final LocalInstance primary = pair.primary();

    @AfterEach
    void stop() {
        pair.close();
    }

    @Test
    void clients_have_it_and_the_product_s_own_roles_do_not() {
        pair.setPassword("reporting", LocalPair.PASSWORD + "reporting");
        Declaration.of(pair, "authentication: md5\n" + ROLES);
        encrypt("md5");
        primary.with("AUTHENTICATION", "md5").start().awaitRole("primary").createRows();
        pair.standby().with("AUTHENTICATION", "md5").start().awaitRole("standby");
        pair.awaitStreaming(primary, pair.standby());
        awaitKinds("airflow=md5 backup=SCR monitor=SCR replicator=SCR reporting=md5");
        for (String role : new String[] {"airflow", "reporting"}) {
            assertThat(logIn(role, "md5")).isEqualTo("in");
        }
        assertThat(logIn("backup", "scram-sha-256")).isEqualTo("in");
        assertThat(logIn("backup", "md5")).contains("server requested SASL authentication");

        primary.insert(3, "dumped");
        Map<String, String> dump = pair.job("backup");
        dump.putAll(Map.of("PGDATABASE", "airflow", "BACKUP_RETENTION_DAYS", "7", "BACKUP_RETENTION_MINIMUM", "1"));
        Tool.Result made = primary.script(dump, "backup.sh");
        assertThat(made.status()).as(made.output()).isZero();
        Tool.Result restored = primary.script(
                "restore.sh", made.output().replaceAll("(?s).*(postgresql_backup_[0-9_]+\\.sql\\.gz).*", "$1"));
        assertThat(restored.status()).as(restored.output()).isZero();
        assertThat(primary.rows()).isEqualTo("dumped=3");

        Declaration.of(pair, ROLES);
        encrypt("scram-sha-256");
        assertThat(primary.stop()).isZero();
        primary.with("AUTHENTICATION", "").start().awaitRole("primary");
        awaitKinds("airflow=SCR backup=SCR monitor=SCR replicator=SCR reporting=SCR");
        assertThat(logIn("airflow", "scram-sha-256")).isEqualTo("in");
    }

    private void encrypt(String method) {
        Path file = pair.local().configuration().resolve("postgresql.conf");
        pair.local()
                .write(
                        file,
                        Project.read(file)
                                .replaceAll(
                                        "(?m)^password_encryption = \\S+", "password_encryption = '" + method + "'"));
    }

    private void awaitKinds(String kinds) {
        primary.await(Duration.ofSeconds(80), () -> primary.sql(KINDS).equals(kinds), "passwords " + kinds);
    }

    private String logIn(String role, String method) {
        return Tool.run(pair.local()
                        .process(
                                Map.of("PGPASSWORD", LocalPair.PASSWORD + role, "PGREQUIREAUTH", method),
                                "psql",
                                "-XAtqwc",
                                "SELECT 'in'",
                                "host=127.0.0.1 port=" + primary.port() + " user=" + role + " dbname=airflow"))
                .output()
                .strip();
    }
}
