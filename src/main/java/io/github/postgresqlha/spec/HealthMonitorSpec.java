package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import io.github.postgresqlha.schedule.CronSchedule;
import java.util.Optional;
import org.immutables.value.Value;

/** The health check: when it runs, and what it still calls healthy. */
@Value.Immutable
@SpecStyle
public interface HealthMonitorSpec extends HealthLimits {

    /** When it runs, in UTC. Default: every five minutes. */
    @Key("When the health check runs, in UTC: minute hour day-of-month month day-of-week")
    default CronSchedule schedule() {
        return new CronSchedule("*/5 * * * *");
    }

    /** What lets its Job fail. Default: {@code critical}; a warning is in the Job's log. */
    @Key("What lets its Job fail: critical, or warning as well; a failed Job may degrade a GitOps application")
    default FailOn failOn() {
        return FailOn.CRITICAL;
    }

    /** Replication lag in bytes that is a warning. Default: 16777216, one WAL segment. */
    @Key("Replication lag in bytes from which on it warns")
    default long replicationLagMaxBytes() {
        return 16L << 20;
    }

    /**
     * Replication lag in seconds that is a warning; what a second look, a second later, finds replayed is none. Default: 1.
     */
    @Key("Replication lag in seconds from which on it warns")
    default int replicationLagMaxSeconds() {
        return 1;
    }

    /** Percentage of max_connections in use that is a warning. Default: 80. */
    @Key("Percentage of max_connections in use from which on it warns")
    default int connectionsMaxPercent() {
        return 80;
    }

    /** Percentage of a volume in use that is a warning. Default: 85. */
    @Key("Percentage of a volume in use from which on it warns")
    default int diskMaxPercent() {
        return 85;
    }

    /**
     * Age of the newest dump in hours that is a warning. Default: 26, a day and the time that a run may take. Where {@code backup.schedule} runs less often, its
     * longest gap and two hours count.
     */
    @Key("Age of the newest dump in hours from which on it warns; at least the longest gap of backup.schedule and 2")
    default int backupMaxAgeHours() {
        return 26;
    }

    /** Days until the members' certificate ends that are a warning. Default: 30. */
    @Key("Days until the members' certificate ends from which on it warns")
    default int certificateMinDays() {
        return 30;
    }

    /**
     * The oldest minor release that is no warning. Default: absent, that of {@code docs/reference/postgresql-majors.md} for the major.
     *
     * @see <a href="https://www.postgresql.org/support/versioning/">Versioning policy</a>
     */
    @Key("Oldest minor release that is no warning, as 10 of 17.10; absent: the one that is known for the major")
    Optional<Integer> minimumMinor();

    /** What a run asks for. Default: 50m CPU and 64Mi requested, 250m and 128Mi at most. */
    @Key("Processor and memory of a run")
    default ResourcesSpec resources() {
        return ResourcesSpec.of(ResourceAmountsSpec.of("50m", "64Mi"), ResourceAmountsSpec.of("250m", "128Mi"));
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("HealthMonitorSpec");
        HealthLimits.requirePositive(violations, "replicationLagMaxBytes", replicationLagMaxBytes());
        HealthLimits.requirePositive(violations, "replicationLagMaxSeconds", replicationLagMaxSeconds());
        HealthLimits.requirePositive(violations, "backupMaxAgeHours", backupMaxAgeHours());
        HealthLimits.requirePositive(violations, "certificateMinDays", certificateMinDays());
        minimumMinor()
                .ifPresent(minor -> violations.require(
                        minor >= 0 && minor <= 99,
                        "minimumMinor",
                        "must be 0 to 99, got " + minor + "; write 10 for 17.10"));
        HealthLimits.requirePercent(violations, "connectionsMaxPercent", connectionsMaxPercent());
        HealthLimits.requirePercent(violations, "diskMaxPercent", diskMaxPercent());
        HealthLimits.check(this, violations);
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link HealthMonitorSpec}. */
    class Builder extends ImmutableHealthMonitorSpec.Builder {
        Builder() {}
    }
}
