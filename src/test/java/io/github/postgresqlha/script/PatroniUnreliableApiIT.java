package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A Kubernetes API that refuses, fails or is late for longer than the lock lasts, twice: failsafe mode holds the primary, and nobody else is one. */
@Tag("long")
class PatroniUnreliableApiIT {

    private static final int SECONDS = 50;

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

    static Stream<Arguments> faults() {
        AtomicInteger turn = new AtomicInteger();
        IntSupplier half = () -> turn.getAndIncrement() % 2 == 0 ? 0 : 500;
        IntSupplier slow = () -> {
            LockSupport.parkNanos(8_000_000_000L);
            return 0;
        };
        return Stream.of(
                Arguments.of("403", (IntSupplier) () -> 403),
                Arguments.of("409", (IntSupplier) () -> 409),
                Arguments.of("500", (IntSupplier) () -> 500),
                Arguments.of("every other request 500", half),
                Arguments.of("8 s for each answer", slow));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void demotes_nobody_and_makes_no_second_primary(String fault, IntSupplier status) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        kubernetes.refuse(() -> {
            asked.incrementAndGet();
            return status.getAsInt();
        });
        for (int i = 0; i < SECONDS; i++) {
            write();
            Thread.sleep(1000);
            String moment = fault + ", after " + i + " s";
            assertThat(standby.sql("SELECT pg_is_in_recovery()"))
                    .as(() -> moment + "\n" + standby.newestLog())
                    .isEqualTo("t");
            assertThat(primary.sql("SELECT pg_is_in_recovery()"))
                    .as(() -> moment + "\n" + primary.newestLog())
                    .isEqualTo("f");
        }
        kubernetes.refuse(() -> 0);
        assertThat(asked).hasValueGreaterThan(10);

        write();
        standby.require(
                "the standby has all rows",
                () -> standby.streams()
                        && standby.sql("SELECT count(*) FROM kept").equals(String.valueOf(acknowledged)));
        standby.require("the lock", () -> leader().equals(primary.name()));
    }

    private static void write() {
        assertThat(primary.sql("INSERT INTO kept VALUES (1) RETURNING n")).isEqualTo("1");
        acknowledged++;
    }

    private static String leader() {
        return kubernetes.annotation("configmaps/" + LocalPatroni.SCOPE + "-leader", "leader");
    }
}
