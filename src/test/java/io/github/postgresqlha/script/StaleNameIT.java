package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The name of a primary's new pod still leads to the former one, as name servers keep it: its standby finds it where it calls from. */
class StaleNameIT extends FreshPair {

    private static final String FORMER_ADDRESS = "127.0.0.77";

    @Test
    void a_former_primary_gets_the_promise_all_the_same() {
        primary.insert(2, "kept");
        standby.awaitRows("kept=2");
        assertThat(primary.stop()).isZero();
        assertThat(standby.stop()).isZero();
        standby.with("PEER_HOST", FORMER_ADDRESS).start();
        standby.awaitLog("follow: it was a standby");
        primary.start().awaitRole("primary");
        assertThat(standby.news()).contains("postgresql-primary may open");
        assertThat(primary.rows()).isEqualTo("kept=2");
    }
}
