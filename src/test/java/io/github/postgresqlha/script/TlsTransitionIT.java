package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From no TLS to required TLS and back, a member at a time: each step goes with the one before and the one after. */
@Tag("long")
class TlsTransitionIT {

    private final LocalTls tls = new LocalTls(LocalPostgres.create());
    private final LocalPair pair = LocalPair.on(tls.local());

    @AfterEach
    void close() {
        pair.close();
    }

    @Test
    void goes_by_way_of_offered_tls_and_replication_goes_on_at_each_step() {
        pair.primary().start().awaitRole("primary").createRows();
        pair.standby().start().awaitRole("standby");
        pair.awaitStreaming(pair.primary(), pair.standby());
        assertThat(encrypted()).isEqualTo("f");
        restart(pair.standby(), () -> tls.offer(pair.standby()));
        assertThat(encrypted()).isEqualTo("f");
        restart(pair.primary(), () -> tls.offer(pair.primary()));
        assertThat(encrypted()).isEqualTo("t");
        restart(pair.standby(), () -> tls.require(pair.standby()));
        restart(pair.primary(), () -> tls.require(pair.primary()));
        assertThat(pair.standby().sql("SHOW primary_conninfo")).contains("verify-full");
        restart(pair.standby(), () -> tls.offer(pair.standby()));
        restart(pair.primary(), () -> tls.offer(pair.primary()));
        restart(pair.standby(), () -> tls.leave(pair.standby()));
        restart(pair.primary(), () -> tls.leave(pair.primary()));
        assertThat(encrypted()).isEqualTo("f");
    }

    private void restart(LocalInstance member, Runnable change) {
        assertThat(member.stop()).isZero();
        change.run();
        member.start();
        LocalInstance primary = pair.awaitOnePrimary();
        primary.insert(1, "a");
        pair.other(primary).awaitRows(primary.rows());
    }

    private String encrypted() {
        LocalInstance primary = pair.awaitOnePrimary();
        return primary.sql("SELECT ssl FROM pg_stat_ssl JOIN pg_stat_replication USING (pid)");
    }
}
