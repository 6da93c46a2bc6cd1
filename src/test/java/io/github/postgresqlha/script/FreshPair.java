package io.github.postgresqlha.script;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests of which each has a pair of its own, which streams; a member can be frozen, and then says nothing. */
abstract class FreshPair {

    protected LocalPair pair;
    protected LocalInstance primary;
    protected LocalInstance standby;
    private long frozen;

    @BeforeEach
    void start() {
        pair = LocalPair.streaming();
        primary = pair.primary().createRows();
        standby = pair.standby();
    }

    @AfterEach
    void stop() {
        if (frozen != 0) {
            thaw();
        }
        pair.close();
    }

    /** Its server and all of that one's processes, until {@link #thaw()}. */
    protected void freeze(LocalInstance member) {
        frozen = member.postmaster();
        signal("STOP");
    }

    protected void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        primary.run("sh", "-c", "kill -" + name + " " + frozen + " $(ps -o pid= --ppid " + frozen + ")");
    }
}
