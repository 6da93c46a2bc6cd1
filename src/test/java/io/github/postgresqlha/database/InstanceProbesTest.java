package io.github.postgresqlha.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.YamlText;
import org.junit.jupiter.api.Test;

class InstanceProbesTest {

    @Test
    void the_supervisor_has_a_minute_to_start() {
        assertThat(YamlText.of(InstanceProbes.startup())).isEqualTo("""
                exec:
                  command:
                    - /scripts/instance/probe.sh
                    - startup
                failureThreshold: 30
                periodSeconds: 2
                timeoutSeconds: 5
                """);
    }

    @Test
    void a_minute_without_a_sign_of_life_restarts_the_container() {
        assertThat(YamlText.of(InstanceProbes.liveness())).isEqualTo("""
                exec:
                  command:
                    - /scripts/instance/probe.sh
                    - liveness
                failureThreshold: 6
                periodSeconds: 10
                timeoutSeconds: 5
                """);
    }

    @Test
    void six_seconds_without_an_answer_take_clients_away() {
        assertThat(YamlText.of(InstanceProbes.readiness())).isEqualTo("""
                exec:
                  command:
                    - /scripts/instance/probe.sh
                    - readiness
                failureThreshold: 3
                periodSeconds: 2
                timeoutSeconds: 5
                """);
    }
}
