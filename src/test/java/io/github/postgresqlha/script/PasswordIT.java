package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Passwords that a passfile cannot hold are refused by the name of their key; what is in a passfile is what its program needs. */
class PasswordIT {

    private final LocalPair pair = new LocalPair();
    private final LocalInstance primary = pair.primary();

    @AfterEach
    void stop() {
        pair.close();
    }

    @Test
    void waits_for_passwords_that_can_be_used_and_keeps_the_old_ones_meanwhile() {
        pair.setPassword("monitor", "ends in a carriage return\r\n");
        pair.setPassword("backup", "");
        primary.start();
        primary.awaitLog(
                "monitor-password holds a line break or a carriage return, backup-password is missing or empty");
        assertThat(primary.role()).isEqualTo("starting");
        pair.setPassword("monitor", "ends in a newline of the file\n");
        pair.setPassword("backup", LocalPair.PASSWORD);
        primary.awaitRole("primary");
        assertThat(logIn("monitor", "postgres", "ends in a newline of the file"))
                .isEqualTo("t\n");
        pair.setPassword("airflow", "two\nlines");
        primary.awaitLog("airflow-password holds a line break or a carriage return: no password is changed");
        assertThat(logIn("airflow", "airflow", LocalPair.PASSWORD + "airflow")).isEqualTo("t\n");
    }

    @Test
    void names_host_port_and_database_of_the_roles_that_a_member_needs() {
        primary.start().awaitRole("primary");
        String lines = Project.read(primary.runtime().resolve("passfile"));
        assertThat(lines.lines().map(line -> line.replaceFirst("(([^:]*:){4}).*", "$1")))
                .allMatch(line -> line.startsWith("127.0.0.1:" + pair.standby().port() + ":"))
                .extracting(line -> line.split(":", 3)[2])
                .contains("postgres:monitor:", "replication:replicator:", "postgres:rewinder:")
                .noneMatch(line -> line.matches(".*:(postgres|airflow|backup):"));
        assertThat(primary.script("replication-status.sh").output()).contains("primary");
        assertThat(primary.runtime().toFile().list()).noneMatch(name -> name.startsWith("passfile."));
    }

    @ParameterizedTest
    @CsvSource({"carriage return in,a\\rb", "newline in,a\\nb", "carriage return at the end of,a\\r", "NUL in,a\\0b"})
    void is_refused_by_scripts_and_by_the_verifier(String what, String password) {
        String secret = primary.environment("SECRET_DIRECTORY");
        Tool.run(new ProcessBuilder("bash", "-c", "printf '" + password + "' >" + secret + "/monitor-password"));
        Tool.Result refused = primary.script("connection-test.sh", "127.0.0.1");
        assertThat(refused.status()).as(what).isEqualTo(64);
        assertThat(refused.output()).contains("monitor-password holds a ").doesNotContain(password);
        Tool.Result verifier = primary.run(
                "bash",
                "-c",
                "printf '\\n" + password + "' | perl " + pair.local().scripts() + "/upkeep/scram-verifier.pl");
        assertThat(verifier.status()).isEqualTo(64);
        assertThat(verifier.output()).contains("a line break, a carriage return or a NUL");
    }

    private String logIn(String role, String database, String password) {
        return Tool.run(pair.local()
                        .process(
                                Map.of("PGPASSWORD", password),
                                "psql",
                                "-XAtwc",
                                "SELECT true",
                                "host=127.0.0.1 port=" + primary.port() + " user=" + role + " dbname=" + database))
                .output();
    }
}
