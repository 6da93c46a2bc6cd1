package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * PgBouncer, in transaction mode: many clients share few sessions of the server, and wait for the next primary instead of failing. Clients connect
 * to the Service {@code NAME-pooler}, port 6432, and those that only read to {@code NAME-pooler-read}.
 *
 * @see <a href="https://www.pgbouncer.org/config.html">PgBouncer's configuration</a>
 */
@Value.Immutable
@SpecStyle
public interface PoolerSpec {

    /** Whether there is a pooler. Default: false. */
    @Key("Whether there is a pooler; clients connect to the Service NAME-pooler, port 6432")
    default boolean enabled() {
        return false;
    }

    /** How many pods it has, on nodes of their own where there are enough. Default: 2. An error below 1 or above 20. */
    @Key("Pods of the pooler, on nodes of their own where there are enough")
    default int replicas() {
        return 2;
    }

    /**
     * Whether there is a pool of sessions that only read, on a standby, with the Service {@code NAME-pooler-read}. Default: false. While no standby
     * answers it leads to the primary. An error where there is no standby.
     */
    @Key("Whether there is a pool of reading sessions on a standby, with the Service NAME-pooler-read")
    default boolean readOnly() {
        return false;
    }

    /**
     * The image with PgBouncer 1.24 or newer as {@code pgbouncer} on its PATH, and {@code /bin/sh}. Default:
     * {@code docker.io/edoburu/pgbouncer:v1.24.1-p1}.
     */
    @Key(
            "Image with pgbouncer, 1.24 or newer, on its PATH, and /bin/sh; default docker.io/edoburu/pgbouncer:v1.24.1-p1")
    default String image() {
        return "docker.io/edoburu/pgbouncer:v1.24.1-p1";
    }

    /**
     * {@code max_client_conn}: how many clients one pod takes. Default: 1000. An error below 10 or above 10000. A client that waits costs about
     * 30 kB of memory there, and one with TLS about 60 kB.
     */
    @Key("max_client_conn: clients that one pod takes")
    default int maxClientConnections() {
        return 1000;
    }

    /**
     * {@code default_pool_size}: how many sessions one pod has at most in each database. Default: what {@code max_connections} leaves, at most 20.
     * An error where all pods together would have more than {@code max_connections} leaves them.
     */
    @Key(
            "default_pool_size: sessions of the server that one pod has at most in each database; absent: what max_connections leaves, at most 20")
    Optional<Integer> poolSize();

    /**
     * How many sessions are left to those who connect to the members themselves: migrations, people, metrics. Default: 40. An error below 0.
     */
    @Key("Sessions of max_connections that are left to who connects without the pooler: migrations, people, metrics")
    default int directConnections() {
        return 40;
    }

    /**
     * {@code max_prepared_statements}: how many prepared statements of clients PgBouncer keeps known to each session of the server. Default: 200. An
     * error below 1, with which asyncpg and psycopg 3 fail, or above 10000.
     */
    @Key("max_prepared_statements: prepared statements that each session of the server is kept knowing")
    default int maxPreparedStatements() {
        return 200;
    }

    /**
     * {@code query_wait_timeout} in seconds: how long a client waits for a session, as in a failover, before it is told so. Default: 60. An error below 5
     * or above 3600.
     */
    @Key("query_wait_timeout: seconds that a client waits for a session, as in a failover")
    default int queryWaitTimeoutSeconds() {
        return 60;
    }

    /**
     * How many seconds a pod that is to end waits for its clients to leave, before it ends between two transactions. Default: 30. An error below 0 or
     * above 3600.
     */
    @Key("Seconds that a pod which is to end waits for its clients to leave, before it ends between two transactions")
    default int stopWaitSeconds() {
        return 30;
    }

    /** What one PgBouncer asks for. Default: 50m CPU and 32Mi requested, 1 and 128Mi at most. */
    @Key("Processor and memory of one PgBouncer")
    default ResourcesSpec resources() {
        return ResourcesSpec.of(ResourceAmountsSpec.of("50m", "32Mi"), ResourceAmountsSpec.of("1", "128Mi"));
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("PoolerSpec");
        range(violations, "replicas", replicas(), 1, 20);
        range(violations, "maxClientConnections", maxClientConnections(), 10, 10000);
        range(violations, "directConnections", directConnections(), 0, 10000);
        range(violations, "maxPreparedStatements", maxPreparedStatements(), 1, 10000);
        range(violations, "queryWaitTimeoutSeconds", queryWaitTimeoutSeconds(), 5, 3600);
        range(violations, "stopWaitSeconds", stopWaitSeconds(), 0, 3600);
        poolSize().ifPresent(size -> range(violations, "poolSize", size, 1, 1000));
        ImageRules.requireTag("image", image(), "edoburu/pgbouncer:v1.24.1-p1", violations);
        violations.throwIfAny();
    }

    private static void range(Violations violations, String path, int value, int least, int most) {
        violations.require(
                value >= least && value <= most,
                path,
                "must be " + least + " to " + most + ", got " + value + "; choose such a number");
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link PoolerSpec}. */
    class Builder extends ImmutablePoolerSpec.Builder {
        Builder() {}
    }
}
