package io.github.postgresqlha.kubernetes;

import io.github.postgresqlha.postgresql.ReplicationSlot;

/**
 * One of the instances: its name and its component are given once, which role it has at a time is decided at run time.
 *
 * @param instance the name of its StatefulSet and of its Service
 */
public record Member(String instance, Component component) {

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
