package io.github.postgresqlha.installation;

import io.github.postgresqlha.postgresql.RecoveryDelay;
import io.github.postgresqlha.postgresql.ReplicationSlot;
import java.util.Optional;

/**
 * One of the instances: its name and its component are given once, which role it has at a time is decided at run time.
 *
 * @param instance the name of its StatefulSet
 * @param ordinal 1 for the primary and the first standby, then 2, 3, …
 * @param failoverPriority the higher, the sooner it takes over from others with the same WAL; 0: never
 * @param applyDelay how late it applies what it receives; empty where at once
 */
public record Member(
        String instance, Component component, int ordinal, int failoverPriority, Optional<RecoveryDelay> applyDelay) {

    /** What a member has to whom nobody gave another: Patroni's own default. */
    public static final int USUAL_PRIORITY = 1;

    /** The only one of its component, or the first. */
    public Member(String instance, Component component) {
        this(instance, component, 1, USUAL_PRIORITY, Optional.empty());
    }

    /** The value of the label {@code app.kubernetes.io/component} of its objects, which tells it from every other. */
    public String label() {
        return ordinal == 1 ? component.label() : component.label() + "-" + ordinal;
    }

    /** Which timelines of PostgreSQL are its own: those congruent to it modulo 16. No other member has or ever had it. */
    public int number() {
        return component == Component.PRIMARY ? 1 : ordinal + 1;
    }

    /** The only pod of its StatefulSet. */
    public String pod() {
        return instance + "-0";
    }

    public String dataClaim() {
        return "data-" + instance;
    }

    public String walClaim() {
        return "wal-" + instance;
    }

    /** Its slot at the peer. */
    public ReplicationSlot replicationSlot() {
        return ReplicationSlot.ofInstance(instance);
    }
}
