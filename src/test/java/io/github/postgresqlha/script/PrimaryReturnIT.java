package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both members are lost, and the last rows are on the former primary alone: it has its time to come back with them. */
class PrimaryReturnIT {

    private static final int TIMEOUT = 20;

    private LocalPostgres local;
    private LocalKubernetes kubernetes;
    private WatchedPatroni primary;
    private WatchedPatroni standby;

    @BeforeEach
    void create() throws Exception {
        local = LocalPostgres.create();
        kubernetes = new LocalKubernetes();
        primary = new WatchedPatroni(local, kubernetes, 1, TIMEOUT, LocalPatroni.address(2));
        standby = new WatchedPatroni(local, kubernetes, 2, TIMEOUT, LocalPatroni.address(1));
        primary.serveWith(standby);
    }

    @AfterEach
    void end() {
        standby.kill();
        primary.kill();
        kubernetes.close();
        local.delete();
    }

    @Test
    void in_order_and_the_standby_starts_first() throws Exception {
        stopInOrder();
        standby.start();
        Thread.sleep(8_000);
        assertThat(standby.hasBegun()).as(standby.log()).isFalse();
        assertThat(standby.log()).contains("s for the former primary, which may have newer rows", "touch");
        primary.start();
        primary.begin();
        nothingIsMissing();
    }

    @Test
    void killed_and_the_standby_starts_first() throws Exception {
        killBoth();
        standby.start();
        Thread.sleep(8_000);
        primary.start();
        primary.begin();
        nothingIsMissing();
    }

    /** Whoever was primary waits for nobody. */
    @Test
    void killed_and_the_former_primary_starts_first() throws Exception {
        killBoth();
        Instant began = Instant.now();
        primary.start();
        primary.begin();
        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(TIMEOUT / 2));
        standby.start();
        nothingIsMissing();
    }

    /** The price: its time first. */
    @Test
    void a_former_primary_that_does_not_come_back_is_replaced() throws Exception {
        stopInOrder();
        Instant began = Instant.now();
        standby.start();
        standby.begin();
        assertThat(Duration.between(began, Instant.now())).isGreaterThanOrEqualTo(Duration.ofSeconds(TIMEOUT - 1));
        standby.require("the standby takes over", standby::isPrimary);
        assertThat(standby.log()).contains("the former primary did not come back within 20 s");
    }

    @Test
    void a_person_ends_the_wait() throws Exception {
        stopInOrder();
        Instant began = Instant.now();
        standby.start();
        standby.require("it waits", () -> standby.log().contains("s for the former primary"));
        standby.trigger();
        standby.begin();
        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(TIMEOUT / 2));
        assertThat(standby.log()).contains("told to go on");
    }

    private void stopInOrder() {
        standby.stop();
        primary.patroni().sql("CREATE TABLE last_rows (n int)");
        primary.stop();
        assertThat(kubernetes.annotation("configmaps/" + LocalPatroni.SCOPE + "-leader", "leader"))
                .as("the lock is given back")
                .isEmpty();
    }

    private void killBoth() {
        standby.stopReceiving();
        primary.patroni().sql("CREATE TABLE last_rows (n int)");
        assertThat(standby.has("last_rows")).isFalse();
        standby.kill();
        primary.kill();
    }

    private void nothingIsMissing() throws Exception {
        primary.require("the former primary serves", primary::isPrimary);
        assertThat(primary.has("last_rows")).isTrue();
        standby.begin();
        standby.require("its standby follows", () -> standby.streams() && standby.has("last_rows"));
    }
}
