package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The failover drill from the member that is named standby, and where a name is not known yet. */
@Tag("long")
class DrillIT {

    private static LocalPair pair;
    private static LocalInstance primary;
    private static LocalInstance standby;

    @BeforeAll
    static void reverse() {
        pair = LocalPair.streaming();
        primary = pair.primary();
        standby = pair.standby();
        primary.stop();
        standby.touchTrigger().awaitRole("primary");
        primary.start().awaitRole("standby");
        pair.awaitStreaming(standby, primary);
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @Test
    void fails_over_and_back_three_times_when_the_roles_have_changed_places() {
        for (int round = 1; round <= 3; round++) {
            Tool.Result result = standby.script("failover-test.sh");
            assertThat(result.status())
                    .as("round %s: %s", round, result.output())
                    .isZero();
            assertThat(result.output()).contains(", 0 lost", "hand back to postgresql-standby");
            pair.awaitStreaming(standby, primary);
        }
        assertThat(primary.script("failover-test.sh").output())
                .contains("this is not the primary; run it there: kubectl exec postgresql-standby-0 -n NAMESPACE -- ");
    }

    @Test
    void waits_for_a_name_that_is_not_known_yet() {
        Path psql = pair.local().program("psql", """
                #!/usr/bin/env bash
                tried=${RUNTIME_DIRECTORY}/tried
                if (($(wc -l <"${tried}" 2>/dev/null || echo 0) < 5)); then
                  echo once >>"${tried}"
                  echo 'psql: error: could not translate host name "postgresql-primary-0" to address: Name or service not known' >&2
                  exit 2
                fi
                exec %s/bin/psql "$@"
                """.formatted(pair.local().programs()));
        Tool.Result result = standby.script(
                Map.of(
                        "PATH",
                        psql.getParent() + ":" + pair.local().path(),
                        "PGPORT",
                        standby.environment("MEMBER_PORTS")),
                "failover-test.sh");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains(", 0 lost");
        pair.awaitStreaming(standby, primary);
    }
}
