package io.github.postgresqlha.script;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Tests on one pair of members that each of them finds, and leaves, healthy; names may have changed places. */
abstract class StreamingPair {

    protected static LocalPair pair;
    protected LocalInstance primary;
    protected LocalInstance standby;

    @BeforeAll
    static void start() {
        pair = LocalPair.streaming();
        pair.primary().createRows();
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @BeforeEach
    void both_are_healthy() {
        primary = pair.awaitOnePrimary();
        standby = pair.other(primary);
    }
}
