package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A role may store any verifier for itself. Whatever it is, the Secret's password takes its place, and process 1 does not wait for that. */
class HostileVerifierIT {

    /** Of keys that nobody knows. */
    private static final String KEYS = "$" + "A".repeat(43) + "=:" + "A".repeat(43) + "=";

    private static final LocalPair PAIR = new LocalPair();
    private static final LocalInstance PRIMARY = PAIR.primary();
    private static int passwords;

    @BeforeAll
    static void start() {
        PRIMARY.start().awaitRole("primary");
        PRIMARY.await(Duration.ofSeconds(60), () -> logsIn(LocalPair.PASSWORD + "airflow"), "the first password");
    }

    @AfterAll
    static void stop() {
        PAIR.close();
    }

    /** REST is of what PostgreSQL stores for the stolen password, which then still works. */
    @ParameterizedTest
    @Tag("long")
    @CsvSource({
        "of two thousand million iterations, SCRAM-SHA-256$2000000000:c2FsdHNhbHRzYWx0c2FsdA==KEYS, false",
        "of as many as are not computed, SCRAM-SHA-256$100000:c2FsdHNhbHRzYWx0c2FsdA==KEYS, false",
        "with a line break, SCRAM-SHA-256$BREAKREST, true",
        "with a blank, SCRAM-SHA-256$ REST, true",
        "with a sign, SCRAM-SHA-256$+REST, true",
        "with a salt of a megabyte, SCRAM-SHA-256$4096:MEGABYTEKEYS, false",
        "of MD5, md50123456789abcdef0123456789abcdef, false",
        "without any, , false"
    })
    void is_replaced(String what, @Nullable String form, boolean works) {
        String stolen = "stolen " + passwords;
        rotate(stolen);
        String stored = PRIMARY.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'airflow'");
        assertThat(stored).startsWith("SCRAM-SHA-256$4096:");
        String verifier = form == null
                ? "NULL"
                : "'"
                        + form.replace("REST", stored.substring("SCRAM-SHA-256$".length()))
                                .replace("BREAK", "\n")
                                .replace("KEYS", KEYS)
                                .replace("MEGABYTE", "' || repeat('c2Fs', 262144) || '")
                        + "'";
        // As ALTER ROLE by the role itself leaves it, without the iterations that its server computes for that.
        PRIMARY.sql("UPDATE pg_authid SET rolpassword = " + verifier + " WHERE rolname = 'airflow'");
        assertThat(logsIn(stolen)).as(what).isEqualTo(works);
        rotate("rotated " + passwords);
        assertThat(logsIn(stolen)).as(what).isFalse();
        assertThat(PRIMARY.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'airflow'"))
                .matches("SCRAM-SHA-256\\$4096:[A-Za-z0-9+/]{22}==\\$[^$]{89}");
    }

    /** By the commands that the role has, and no more of them than it has. */
    @Test
    void is_stored_by_its_role_which_cannot_make_it_expire() {
        rotate("stolen");
        String stored = PRIMARY.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'airflow'");
        asOwner("ALTER ROLE airflow PASSWORD '" + stored.replace("256$", "256$\n") + "'");
        assertThat(logsIn("stolen")).isTrue();
        assertThat(asOwner("ALTER ROLE airflow VALID UNTIL '2000-01-01'")).contains("permission denied");
        assertThat(asOwner("ALTER ROLE monitor PASSWORD 'stolen'")).contains("permission denied");
        rotate("rotated");
        assertThat(logsIn("stolen")).isFalse();
    }

    /** It held process 1 up for five seconds of every twenty. */
    @Test
    void is_held_by_an_open_transaction_and_process_1_goes_on() throws IOException {
        Process holder = PAIR.local()
                .process(
                        Map.of("PGHOST", PRIMARY.environment("SOCKET_DIRECTORY"), "PGPORT", "" + PRIMARY.port()),
                        "psql",
                        "-XAtqw",
                        "-U",
                        "airflow",
                        "-d",
                        "airflow")
                .redirectErrorStream(true)
                .start();
        try {
            holder.getOutputStream()
                    .write("BEGIN; ALTER ROLE airflow PASSWORD 'held';\n".getBytes(StandardCharsets.UTF_8));
            holder.getOutputStream().flush();
            PRIMARY.await(
                    Duration.ofSeconds(10),
                    () -> PRIMARY.sql("SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'")
                            .equals("1"),
                    "a transaction");
            PAIR.setPassword("airflow", "after it");
            awaitWithHeartbeat(
                    () -> PRIMARY.log().contains("the password of airflow cannot be set now"), "that it cannot be set");
        } finally {
            holder.destroy();
        }
        awaitWithHeartbeat(() -> logsIn("after it"), "the password");
    }

    /** Changes the Secret, and waits until its password is the role's. */
    private static void rotate(String password) {
        passwords++;
        PAIR.setPassword("airflow", password);
        awaitWithHeartbeat(() -> logsIn(password), "the Secret's password");
    }

    /** A kubelet would not end it before 30 s; its peer would take it for silent after one or two. */
    private static void awaitWithHeartbeat(BooleanSupplier condition, String what) {
        PRIMARY.await(
                Duration.ofSeconds(60),
                () -> {
                    assertThat(heartbeatAge()).as("seconds since the heartbeat").isLessThan(10);
                    return condition.getAsBoolean();
                },
                what);
    }

    private static double heartbeatAge() {
        String uptime = Project.read(Path.of("/proc/uptime"));
        String beat = Project.read(PRIMARY.runtime().resolve("heartbeat")).strip();
        return beat.isEmpty() ? 0 : Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) - Long.parseLong(beat);
    }

    private static String asOwner(String query) {
        return PRIMARY.sql("airflow", "airflow", query);
    }

    private static boolean logsIn(String password) {
        return Tool.run(PAIR.local()
                        .process(
                                Map.of("PGPASSWORD", password),
                                "timeout",
                                "2",
                                "psql",
                                "-XAtwc",
                                "SELECT true",
                                "host=127.0.0.1 port=" + PRIMARY.port() + " user=airflow dbname=airflow"))
                .output()
                .equals("t\n");
    }
}
