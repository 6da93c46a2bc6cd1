package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every role has a password as odd as passwords get, and all that the product does with passwords goes on: copy, stream, rewind, dump, restore, watch. */
class OddPasswordIT {

    /** Quotes, backslash, {@code $ % : @ / # =}, blanks at both ends, letters of several bytes, two hundred characters. */
    static final String ODD =
            (" 'q\"u`o\\te\\\\s $HOME $(id) %20%s :@/#?&=;|*! {{x}} ä漢字\uD83D\uDC18 ".repeat(4) + "x".repeat(200))
                            .substring(0, 199)
                    + " ";

    private final LocalPair pair = new LocalPair();
    private final LocalInstance primary = pair.primary();
    private final LocalInstance standby = pair.standby();

    @AfterEach
    void stop() {
        pair.close();
    }

    @Test
    void is_taken_by_everything() {
        assertThat(ODD).hasSize(200);
        for (String role : List.of("postgres", "airflow", "replicator", "rewinder", "monitor", "backup", "reporting")) {
            pair.setPassword(role, ODD);
        }
        Declaration.of(pair, "roles: [{name: reporting, databases: {airflow: readOnly}}]");
        primary.start().awaitRole("primary").createRows();
        standby.start().awaitRole("standby");
        pair.awaitStreaming(primary, standby);
        primary.insert(20, "both");
        primary.await(
                Duration.ofSeconds(80),
                () -> ask(standby, "reporting", "SELECT count(*) FROM rows").equals("20"),
                "the declared role");
        for (String role : List.of("airflow", "backup")) {
            assertThat(ask(primary, role, "SELECT 'in'")).isEqualTo("in");
        }
        assertThat(Declaration.ask(pair, primary, "airflow", "airflow", ODD + "x", "SELECT 'in'"))
                .contains("authentication failed");

        // The former primary comes back by pg_rewind.
        pair.failOverWithLoss(primary, standby, 1, "lost");
        standby.insert(1, "won");
        primary.start();
        pair.awaitStreaming(standby, primary);
        assertThat(primary.log()).contains("pg_rewind").doesNotContain("could not");
        primary.awaitRows("both=20 won=1");

        Map<String, String> dump = pair.job("backup");
        dump.putAll(Map.of("PGDATABASE", "airflow", "BACKUP_RETENTION_DAYS", "7", "BACKUP_RETENTION_MINIMUM", "1"));
        Tool.Result made = standby.script(dump, "backup.sh");
        assertThat(made.status()).as(made.output()).isZero();
        String name = made.output().replaceAll("(?s).*(postgresql_backup_[0-9_]+\\.sql\\.gz).*", "$1");
        standby.insert(5, "after the dump");
        Tool.Result restored = standby.script("restore.sh", name);
        assertThat(restored.status()).as(restored.output()).isZero();
        assertThat(standby.rows()).isEqualTo("both=20 won=1");

        assertThat(standby.script("replication-status.sh").output()).contains("streaming");
        assertThat(standby.script(Map.of("PGPORT", String.valueOf(standby.port())), "connection-test.sh", "127.0.0.1")
                        .status())
                .isZero();
        for (String log : List.of(primary.log(), standby.log(), made.output(), restored.output())) {
            assertThat(log).doesNotContain("漢字\uD83D\uDC18");
        }
    }

    private String ask(LocalInstance server, String role, String statement) {
        return Declaration.ask(pair, server, role, "airflow", ODD, statement);
    }
}
