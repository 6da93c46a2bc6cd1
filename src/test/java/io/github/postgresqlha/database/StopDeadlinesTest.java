package io.github.postgresqlha.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StopDeadlinesTest {

    @Test
    void the_grace_period_holds_the_wait_the_stop_and_half_a_minute() {
        assertThat(StopDeadlines.ROLL_SECONDS).isEqualTo(60);
        assertThat(StopDeadlines.STOP_SECONDS).isEqualTo(90);
        assertThat(StopDeadlines.graceSeconds()).isEqualTo(180);
    }
}
