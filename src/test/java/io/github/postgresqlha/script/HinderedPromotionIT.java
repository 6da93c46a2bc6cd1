package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The application's role on a standby cannot keep it from being promoted. */
@Tag("long")
class HinderedPromotionIT extends FreshPair {

    /** PostgreSQL looks at nobody while it searches bits in bits, and this takes it days. */
    private static final String ENDLESS =
            "SELECT position((repeat('0', 40000000) || '1')::varbit IN repeat('0', 90000000)::varbit);\n";

    /** What the query reads is dropped on the primary: replay waits for the query, and the promotion for replay. */
    @Test
    void a_query_that_nothing_interrupts_is_ended() throws IOException {
        primary.sql("airflow", "airflow", "CREATE TABLE held AS SELECT 1 AS row");
        primary.insert(5, "before");
        standby.awaitRows("before=5");
        Process client = startClient(
                standby, ProcessBuilder.Redirect.DISCARD, "psql", "-XAtqw", "-U", "airflow", "-d", "airflow");
        OutputStream input = client.getOutputStream();
        input.write(("BEGIN; SELECT count(*) FROM held;\n" + ENDLESS).getBytes(StandardCharsets.UTF_8));
        input.flush();
        standby.await(
                Duration.ofSeconds(20),
                () -> standby.sql(
                                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT position%' AND state = 'active'")
                        .equals("1"),
                "the query");
        primary.sql("airflow", "airflow", "DROP TABLE held");
        primary.insert(5, "after");
        primary.kill();
        standby.touchTrigger()
                .await(Duration.ofSeconds(150), () -> standby.role().equals("primary"), "role primary");
        assertThat(standby.news()).contains("nothing was replayed meanwhile: PostgreSQL is started anew in recovery");
        assertThat(standby.rows()).isEqualTo("after=5 before=5");
    }
}
