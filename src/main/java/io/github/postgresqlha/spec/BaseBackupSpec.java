package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import io.github.postgresqlha.schedule.CronSchedule;
import org.immutables.value.Value;

/**
 * Base backups: copies of the whole server, from which the archived write-ahead log leads to any later moment.
 *
 * @see <a href="https://www.postgresql.org/docs/17/continuous-archiving.html">Continuous Archiving and Point-in-Time Recovery</a>
 */
@Value.Immutable
@SpecStyle
public interface BaseBackupSpec {

    /** Whether they are taken. Default: true. Without {@code backup.walArchive} none is: it could not be restored. */
    @Key("Whether base backups are taken; only where the write-ahead log is archived")
    default boolean enabled() {
        return true;
    }

    /** When one is taken, in UTC. Default: {@code 0 3 * * 0}, each Sunday at three. The nightly backup takes one whenever there is none. */
    @Key("When a base backup is taken, in UTC: minute hour day-of-month month day-of-week")
    default CronSchedule schedule() {
        return new CronSchedule("0 3 * * 0");
    }

    /** How many good ones are kept, with the write-ahead log since the oldest of them. Default: 2. An error below 1. */
    @Key("How many good base backups are kept, with the write-ahead log since the oldest of them")
    default int keep() {
        return 2;
    }

    /** What a run asks for. Default: 50m CPU and 128Mi requested, 500m and 512Mi at most. */
    @Key("Processor and memory of a run")
    default ResourcesSpec resources() {
        return ResourcesSpec.of(ResourceAmountsSpec.of("50m", "128Mi"), ResourceAmountsSpec.of("500m", "512Mi"));
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("BaseBackupSpec");
        violations.require(
                keep() >= 1,
                "keep",
                "must be at least 1, got " + keep() + "; raise it: the last good base backup is never deleted");
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link BaseBackupSpec}. */
    class Builder extends ImmutableBaseBackupSpec.Builder {
        Builder() {}
    }
}
