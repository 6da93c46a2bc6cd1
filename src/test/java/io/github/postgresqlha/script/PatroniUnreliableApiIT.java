package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.script.LocalKubernetes.Reach;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A Kubernetes API that refuses, fails or is late for longer than the lock lasts, twice: failsafe mode holds the primary, and nobody else is one. */
@Tag("long")
class PatroniUnreliableApiIT {

    private static final int SECONDS = 50;
    private static final long TTL_NANOSECONDS = 20_000_000_000L;

    private static LocalPostgres local;
    private static LocalKubernetes kubernetes;
    private static LocalPatroni primary;
    private static LocalPatroni standby;
    private static int acknowledged;

    @BeforeAll
    static void start() throws Exception {
        local = LocalPostgres.create();
        kubernetes = new LocalKubernetes();
        primary = new LocalPatroni(local, kubernetes, 1);
        standby = new LocalPatroni(local, kubernetes, 2);
        primary.serveWith(standby);
        primary.sql("CREATE TABLE kept (n int)");
    }

    @AfterAll
    static void end() {
        standby.stop();
        primary.stop();
        kubernetes.close();
        local.delete();
    }

    @AfterEach
    void answer_again() throws InterruptedException {
        kubernetes.refuse(Reach.WRITES, () -> 0);
        primary.require("the lock", () -> leader().equals(primary.name()) && primary.isPrimary());
        standby.require("a standby that streams", standby::streams);
    }

    static Stream<Arguments> faults() {
        IntSupplier slow = () -> {
            LockSupport.parkNanos(8_000_000_000L);
            return 0;
        };
        return Stream.of(
                fault("403", Reach.WRITES, () -> 403),
                fault("every other request 403", Reach.WRITES, everyOther(403)),
                fault("403", Reach.NEW_REQUESTS, () -> 403),
                fault("500", Reach.NEW_REQUESTS, () -> 500),
                fault("every other request 500", Reach.NEW_REQUESTS, everyOther(500)),
                fault("8 s for each answer", Reach.NEW_REQUESTS, slow),
                fault("403", Reach.WATCHES_TOO, () -> 403),
                fault("409", Reach.WATCHES_TOO, () -> 409),
                fault("500", Reach.WATCHES_TOO, () -> 500),
                fault("every other request 500", Reach.WATCHES_TOO, everyOther(500)),
                fault("8 s for each answer", Reach.WATCHES_TOO, slow));
    }

    private static Arguments fault(String name, Reach reach, IntSupplier status) {
        return Arguments.of(name, reach, status);
    }

    private static IntSupplier everyOther(int status) {
        AtomicInteger turn = new AtomicInteger();
        return () -> turn.getAndIncrement() % 2 == 0 ? 0 : status;
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("faults")
    void demotes_nobody_and_makes_no_second_primary(String fault, Reach reach, IntSupplier status) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        kubernetes.refuse(reach, () -> {
            asked.incrementAndGet();
            return status.getAsInt();
        });
        for (int i = 0; i < SECONDS; i++) {
            write();
            Thread.sleep(1000);
            String moment = fault + ", " + reach + ", after " + i + " s";
            assertStandby(moment);
            assertThat(primary.sql("SELECT pg_is_in_recovery()"))
                    .as(() -> moment + "\n" + primary.newestLog())
                    .isEqualTo("f");
        }
        kubernetes.refuse(reach, () -> 0);
        assertThat(asked).hasValueGreaterThan(10);

        write();
        standby.require(
                "the standby has all rows",
                () -> standby.streams()
                        && standby.sql("SELECT count(*) FROM kept").equals(String.valueOf(acknowledged)));
        standby.require("the lock", () -> leader().equals(primary.name()));
    }

    /** It has no lock any more, only the others' consent. */
    @Test
    void gives_way_when_a_member_no_longer_consents() throws Exception {
        kubernetes.refuse(Reach.NEW_REQUESTS, () -> 403);
        Thread.sleep(30_000);
        write();
        standby.stop();
        long stopped = System.nanoTime();
        primary.require("no primary", () -> !primary.isPrimary());
        assertThat(System.nanoTime() - stopped).isLessThan(TTL_NANOSECONDS);
        standby.start();
    }

    /** A 409 to a write is the API's word that somebody else has written. Patroni believes it. */
    @Test
    void a_conflict_that_nobody_made_costs_writes_and_makes_no_second_primary() throws Exception {
        kubernetes.refuse(Reach.WRITES, () -> 409);
        primary.require("no primary", () -> !primary.isPrimary());
        for (int i = 0; i < SECONDS; i++) {
            Thread.sleep(1000);
            assertStandby("409 to writes, after " + i + " s");
        }
    }

    private static void assertStandby(String moment) {
        assertThat(standby.sql("SELECT pg_is_in_recovery()"))
                .as(() -> moment + "\n" + standby.newestLog())
                .isEqualTo("t");
    }

    private static void write() {
        assertThat(primary.sql("INSERT INTO kept VALUES (1) RETURNING n")).isEqualTo("1");
        acknowledged++;
    }

    private static String leader() {
        return kubernetes.annotation("configmaps/" + LocalPatroni.SCOPE + "-leader", "leader");
    }
}
