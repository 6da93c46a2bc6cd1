package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * The kit by which Airflow connects: URLs in a Secret, variables and {@code airflow_local_settings.py} in ConfigMaps, values of the official
 * chart, and a migration with a backup before it.
 *
 * @see <a href="https://airflow.apache.org/docs/apache-airflow/stable/howto/set-up-database.html">Set up a database backend</a>
 */
@Value.Immutable
@SpecStyle
public interface AirflowSpec {

    /** Whether there is a kit. Default: true. */
    @Key("Whether there is a kit; false: Airflow, or whoever uses the database, is connected by hand")
    default boolean enabled() {
        return true;
    }

    /** The release of Airflow. Default: {@code 3.3}. An error with 3.0 where its one host name would not lead to the primary. */
    @Key("Release of Airflow: 2.10, 2.11 or 3.0 to 3.3; some of the kit differs between them")
    default AirflowVersion version() {
        return AirflowVersion.V3_3;
    }

    /** The image of the migration. Default: {@code apache/airflow:} and the newest known release of {@link #version()}; name the one that Airflow runs with. */
    @Key("Image of the migration; name the one that Airflow runs with")
    default String image() {
        return "apache/airflow:" + version().release();
    }

    /** Where Airflow runs. Default: absent, the installation's namespace. Another one has to be there, and has to be let in by {@code network.clients}. */
    @Key("Namespace of Airflow, and of the kit; absent: the installation's")
    Optional<String> namespace();

    /**
     * The role in the URL for reports. Default: absent, {@code databaseOwner}. An error where it is no declared role that may log in and read the
     * application's database.
     */
    @Key("Declared role in the URL for reports from the standby; absent: databaseOwner")
    Optional<String> reportingRole();

    /**
     * {@code sql_alchemy_pool_size}: connections that each process of Airflow keeps. Default: 5. An error below 1 or above 100.
     *
     * @see <a href="https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html#sql-alchemy-pool-size">sql_alchemy_pool_size</a>
     */
    @Key("sql_alchemy_pool_size: connections that each process of Airflow keeps")
    default int poolSize() {
        return 5;
    }

    /**
     * {@code sql_alchemy_max_overflow}: connections that a process opens beyond them and closes again. Default: 10. An error below 0 or above 100.
     *
     * @see <a href="https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html#sql-alchemy-max-overflow">sql_alchemy_max_overflow</a>
     */
    @Key("sql_alchemy_max_overflow: connections that a process opens beyond those and closes again")
    default int maxOverflow() {
        return 10;
    }

    /** How many there are of each component of Airflow: what they may open has to fit in {@code configuration.maxConnections}. */
    @Key("How many there are of each component of Airflow, of which the budget of connections follows")
    default AirflowComponentsSpec components() {
        return AirflowComponentsSpec.builder().build();
    }

    /** What a migration asks for. Default: 100m CPU and 512Mi requested, 1 and 1Gi at most. */
    @Key("Processor and memory of a migration")
    default ResourcesSpec resources() {
        return ResourcesSpec.of(ResourceAmountsSpec.of("100m", "512Mi"), ResourceAmountsSpec.of("1", "1Gi"));
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("AirflowSpec");
        violations.require(
                poolSize() >= 1 && poolSize() <= 100,
                "poolSize",
                "must be 1 to 100, got " + poolSize() + "; Airflow's own default is 5");
        violations.require(
                maxOverflow() >= 0 && maxOverflow() <= 100,
                "maxOverflow",
                "must be 0 to 100, got " + maxOverflow() + "; Airflow's own default is 10");
        violations.require(
                image().matches("[a-z0-9][A-Za-z0-9._/:@-]*"),
                "image",
                "is no image, got '" + image() + "'; write it as registry/name:tag");
        namespace()
                .ifPresent(name -> violations.require(
                        name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"),
                        "namespace",
                        "must be 1 to 63 of a-z, 0-9 and -, got '" + name
                                + "'; name the namespace that Airflow runs in"));
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link AirflowSpec}. */
    class Builder extends ImmutableAirflowSpec.Builder {
        Builder() {}
    }
}
