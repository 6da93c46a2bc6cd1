package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import io.github.postgresqlha.postgresql.MandatoryParameters;

/** What the pooler may take of a member's {@code max_connections}. Any member may be primary, and has to have room for all of it. */
@Internal
public final class PoolerBudget {

    /** Who asks for the verifier of one that is in no file yet does so in a moment: so many at once. */
    public static final int VERIFIERS = 1;

    private static final int LARGEST_DEFAULT = 20;

    private final int connections;

    /** Of them for superusers and for the product's own roles. */
    private final int reserved;

    /** Of them for who connects without the pooler. */
    private final int direct;

    /** Those that there are at once: during a change one more than replicas. */
    private final int pods;

    /** Sessions of each pod that no client gets: who asks for verifiers, who looks which member is primary and what all verifiers are. */
    private final int own;

    /** Databases, twice where there is a pool that reads: without a standby it leads to the primary as well. */
    private final int pools;

    private PoolerBudget(PostgresqlHaSpec spec) {
        int kinds = spec.pooler().readOnly() ? 2 : 1;
        boolean reserves = spec.postgresVersion().knowsReservedConnections();
        connections = spec.configuration().maxConnections();
        reserved = ConfigurationRules.superuserConnections(spec.configuration().parameters())
                + (reserves ? MandatoryParameters.RESERVED_CONNECTIONS : 0);
        direct = spec.pooler().directConnections();
        pods = spec.pooler().replicas() + 1;
        own = kinds * VERIFIERS + 2;
        pools = kinds * (1 + spec.databases().size());
    }

    /** That of a specification. */
    public static PoolerBudget of(PostgresqlHaSpec spec) {
        return new PoolerBudget(spec);
    }

    /** Sessions of one pod in one database, as many as fit; less than 1 where none does. */
    public int most() {
        return Math.floorDiv(Math.floorDiv(connections - reserved - direct, pods) - own, pools);
    }

    /** The pool's size: what is asked for, or what fits. */
    public static int size(PostgresqlHaSpec spec) {
        return spec.pooler().poolSize().orElse(Math.min(LARGEST_DEFAULT, of(spec).most()));
    }

    /** What all pods take with pools of this size. */
    public int taken(int size) {
        return pods * (own + pools * size);
    }

    /** Sessions of the role that asks, on one member: a pod that ends may still have its own. */
    public int asking() {
        return (pods + 1) * own;
    }

    /** In words. */
    public String arithmetic(int size) {
        return connections + " connections - " + reserved + " reserved - " + direct + " direct = "
                + (connections - reserved - direct) + "; " + pods
                + " pods (one more than replicas while they change) x ("
                + own + " of its own + " + pools + " pools x " + size + ") = " + taken(size);
    }
}
