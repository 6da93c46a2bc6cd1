package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import io.github.postgresqlha.postgresql.PostgresVersion;
import java.util.List;
import org.immutables.value.Value;

/** A highly available PostgreSQL for Airflow, as its user describes it. Every value has a default. */
@Value.Immutable
@SpecStyle
public interface PostgresqlHaSpec extends Security, DeclaredAccess, Pooling, Extensions, AirflowAccess, Observability {

    /** The installation's name, the prefix of every object. Default: {@code postgresql}. At most 39 characters, so that every derived name fits. */
    @Key("Name of the installation, the prefix of every object; at most 39 of a-z, 0-9 and -")
    default String name() {
        return "postgresql";
    }

    /** Where everything lives. Default: {@code airflow}. */
    @Key("Namespace of every object")
    default String namespace() {
        return "airflow";
    }

    /**
     * Whether the namespace is one of the objects. Default: true. With false it has to be there, and keeps the labels that it has: for a
     * namespace that somebody else owns, as a platform, an application or another installation.
     *
     * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-admission/">Pod Security Admission</a>
     */
    @Key("Whether the namespace is one of the objects; false: somebody else owns it, and it has to be there")
    default boolean createNamespace() {
        return true;
    }

    /**
     * The PostgreSQL major: 15 to 19. Default: 17. Changing it does not upgrade existing data. 19 gives a warning.
     *
     * @see <a href="https://www.postgresql.org/support/versioning/">Versioning policy</a>
     */
    @Key("PostgreSQL major; changing it does not upgrade existing data")
    default PostgresVersion postgresVersion() {
        return PostgresVersion.V17;
    }

    /** The image of every container: the stock one, or one made from it. Default: {@code postgres:} and the major. */
    @Key("Image of every container: the stock image or one made from it, with a tag that begins with the major")
    default String image() {
        return "postgres:" + postgresVersion();
    }

    /** When nodes fetch the image. Default: {@code IfNotPresent}. */
    @Key("When nodes fetch the image")
    default ImagePullPolicy imagePullPolicy() {
        return ImagePullPolicy.IF_NOT_PRESENT;
    }

    /** Secrets with credentials of the image's registry. Default: none. */
    @Key("Secrets with credentials of the image's registry")
    List<String> imagePullSecrets();

    /** The application's database. Default: {@code airflow}. */
    @Key("Name of the application's database")
    default String databaseName() {
        return "airflow";
    }

    /** The role that owns it. Default: {@code airflow}. */
    @Key("Role that owns the application's database")
    default String databaseOwner() {
        return "airflow";
    }

    /** PostgreSQL's parameters. */
    @Key("PostgreSQL's parameters, the same for every instance")
    default ConfigurationSpec configuration() {
        return ConfigurationSpec.builder().build();
    }

    /** The instance named primary. */
    @Key("The instance named primary")
    default PrimaryDatabaseSpec primary() {
        return PrimaryDatabaseSpec.builder().build();
    }

    /** The instance named standby. */
    @Key("The instance named standby")
    default StandbyDatabaseSpec standby() {
        return StandbyDatabaseSpec.builder().build();
    }

    /** Who decides that a standby becomes primary. Default: {@code manual}. */
    @Key(
            "Who decides that a standby becomes primary: manual, or automatic by Patroni, which needs an image with it; change-failover.sh changes it where there are data")
    default Failover failover() {
        return Failover.MANUAL;
    }

    /** Patroni's timing and limits, where failover is automatic. */
    @Key("Patroni's timing and limits, where failover is automatic")
    default PatroniSpec patroni() {
        return PatroniSpec.builder().build();
    }

    /** How the standby follows. Default: asynchronously. */
    @Key("How the standby follows the primary")
    default ReplicationSpec replication() {
        return ReplicationSpec.builder().build();
    }

    /** Dumps and archived WAL. */
    @Key("Dumps and archived write-ahead log")
    default BackupScheduleSpec backup() {
        return BackupScheduleSpec.builder().build();
    }

    /** Where the first data come from. Default: a new, empty database. */
    @Key("Where the first data come from")
    default BootstrapSpec bootstrap() {
        return BootstrapSpec.builder().build();
    }

    /** The health check. */
    @Key("The health check")
    default HealthMonitorSpec healthMonitor() {
        return HealthMonitorSpec.builder().build();
    }

    /** Where pods may run. Default: anywhere, members apart. */
    @Key("Where pods may run and who goes first: of the members, the archiver and all jobs")
    default SchedulingSpec scheduling() {
        return SchedulingSpec.builder().build();
    }

    /** Labels and annotations of every object. Default: none but the product's own. */
    @Key("Labels and annotations of every object and every pod")
    default MetadataSpec metadata() {
        return MetadataSpec.builder().build();
    }

    /**
     * From which age of the newest dump on the health check warns, in hours: what it is told, but not before the next dump is due and has had two hours, as
     * the default has a day and two.
     */
    @Internal
    @Value.NonAttribute
    default long backupMaxAgeHours() {
        return Math.max(healthMonitor().backupMaxAgeHours(), backup().dumpGapHours() + 2);
    }

    /** How many standbys there are. */
    @Value.NonAttribute
    default int standbys() {
        return standby().enabled() ? standby().count() : 0;
    }

    /** What is allowed and will make trouble all the same, a line each. {@code pgha} prints them; a program of your own does not unless you do. */
    @Value.NonAttribute
    default List<String> warnings() {
        return Warnings.of(this);
    }

    @Internal
    @Value.Check
    default void check() {
        PostgresqlHaRules.check(this);
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link PostgresqlHaSpec}. */
    class Builder extends ImmutablePostgresqlHaSpec.Builder {
        Builder() {}
    }
}
