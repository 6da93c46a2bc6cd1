package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import io.github.postgresqlha.postgresql.MemorySize;
import org.immutables.value.Value;

/**
 * Patroni's timing and limits: they change while it runs, without a restart.
 *
 * @see <a href="https://patroni.readthedocs.io/en/latest/dynamic_configuration.html">Dynamic configuration</a>
 */
@Value.Immutable
@SpecStyle
public interface PatroniSpec {

    /** Seconds that the lock of the primary lasts without renewal. Default: 20. A primary that is lost at once is replaced after about this time; at least 20. */
    @Key(
            "Seconds that the primary's lock lasts without renewal: how long until a primary that is lost at once is replaced")
    default int ttl() {
        return 20;
    }

    /** Seconds between two rounds of Patroni. Default: 5. */
    @Key("Seconds between two rounds of Patroni, in which it renews the lock")
    default int loopWait() {
        return 5;
    }

    /** Seconds for which the Kubernetes API or PostgreSQL may fail to answer before a primary gives way. Default: 7. */
    @Key("Seconds for which the Kubernetes API may fail to answer before a primary gives way")
    default int retryTimeout() {
        return 7;
    }

    /**
     * Seconds that a member which was a standby, and starts while no member is primary, leaves to the former primary to come back with what it has. Then it
     * starts Patroni, which may promote it. Default: {@link #ttl()}; 0: none. Refused where it is above 3600. A standby that runs takes over as ever; with
     * synchronous replication nobody waits.
     *
     * @see <a href="https://patroni.readthedocs.io/en/latest/replication_modes.html#asynchronous-mode-durability">Asynchronous mode durability</a>
     */
    @Key(
            "Seconds that a standby which starts while no member is primary leaves to the former primary to come back; ttl where nothing is given, 0 none")
    default int primaryReturnTimeout() {
        return ttl();
    }

    /** How far a standby may be behind and still take over. Default: 1MB. With synchronous replication nothing may be missing. */
    @Key("How much WAL a standby may lack and still take over, as 1MB; this much can be lost")
    default MemorySize maximumLagOnFailover() {
        return MemorySize.of("1MB");
    }

    /** Whether a primary goes on while the Kubernetes API is away, as long as it reaches every member. Default: true. */
    @Key("Whether a primary goes on while the Kubernetes API is away, as long as every other member agrees")
    default boolean failsafeMode() {
        return true;
    }

    @Internal
    @Value.Check
    default void check() {
        new Violations("PatroniSpec")
                .require(
                        ttl() >= 20 && ttl() <= 3600,
                        "ttl",
                        "must be 20 to 3600 seconds, got " + ttl() + "; 20 is Patroni's least")
                .require(
                        loopWait() >= 1 && loopWait() <= 600,
                        "loopWait",
                        "must be 1 to 600 seconds, got " + loopWait() + "; 5 goes with ttl 20")
                .require(
                        retryTimeout() >= 3 && retryTimeout() <= 600,
                        "retryTimeout",
                        "must be 3 to 600 seconds, got " + retryTimeout() + "; 7 goes with ttl 20")
                .require(
                        loopWait() + 2 * retryTimeout() <= ttl(),
                        "ttl",
                        "must be at least loopWait + 2 * retryTimeout, which is " + (loopWait() + 2 * retryTimeout())
                                + ", got " + ttl()
                                + "; else a slow API costs a healthy primary its lock: raise ttl or lower the others")
                .require(
                        primaryReturnTimeout() == ttl()
                                || (primaryReturnTimeout() >= 0 && primaryReturnTimeout() <= 3600),
                        "primaryReturnTimeout",
                        "must be 0 to 3600 seconds, got " + primaryReturnTimeout()
                                + "; leave it out for ttl, 0 does not wait")
                .throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link PatroniSpec}. */
    class Builder extends ImmutablePatroniSpec.Builder {
        Builder() {}
    }
}
