package io.github.postgresqlha.spec;

import io.fabric8.kubernetes.api.model.Quantity;
import io.github.postgresqlha.annotation.Internal;
import io.github.postgresqlha.schedule.CronSchedule;
import java.math.BigDecimal;
import java.util.List;
import org.immutables.value.Value;

/** The regular proof that backups can be restored: into a PostgreSQL that lives only for that. */
@Value.Immutable
@SpecStyle
public interface RestoreTestSpec {

    /** Whether it runs. Default: true. */
    @Key("Whether backups are regularly restored to prove that they can be")
    default boolean enabled() {
        return true;
    }

    /** When it runs, in UTC. Default: {@code 0 5 * * 0}, each Sunday at five. */
    @Key("When the restore test runs, in UTC: minute hour day-of-month month day-of-week")
    default CronSchedule schedule() {
        return new CronSchedule("0 5 * * 0");
    }

    /** The disk of the node that it may fill, which the node has to have free: one whole database and its WAL. Default: 10Gi. */
    @Key("Disk of the node for the restored database, which has to fit in there with its indexes")
    default Quantity scratchSize() {
        return new Quantity("10Gi");
    }

    /** SQL queries that have to return true in what was restored. Default: none. An error where one is empty or longer than a line. */
    @Key("SQL queries, of one line each, that have to return true in the restored database")
    List<String> checks();

    /** Age of the last good proof in days from which on the health check warns. Default: 15, two runs and a day. */
    @Key("Age of the last good proof in days from which on the health check warns")
    default int maxAgeDays() {
        return 15;
    }

    /** What a run asks for. Default: 250m CPU and 512Mi requested, 2 and 3Gi at most: the largest WAL record takes 2Gi in replay. */
    @Key("Processor and memory of a run")
    default ResourcesSpec resources() {
        return ResourcesSpec.of(ResourceAmountsSpec.of("250m", "512Mi"), ResourceAmountsSpec.of("2", "3Gi"));
    }

    /** The scratch size in bytes. */
    @Internal
    @Value.NonAttribute
    default long scratchBytes() {
        return scratchSize().getNumericalAmount().longValue();
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("RestoreTestSpec");
        violations.require(
                scratchSize().getNumericalAmount().compareTo(BigDecimal.valueOf(1L << 30)) >= 0,
                "scratchSize",
                "must be at least 1Gi, got " + scratchSize() + "; raise it");
        long gapDays = schedule().longestGap().toDays();
        violations.require(
                maxAgeDays() > gapDays,
                "maxAgeDays",
                "must be more than the " + gapDays + " days between two runs of schedule '" + schedule() + "', got "
                        + maxAgeDays() + "; raise it or run more often");
        for (int i = 0; i < checks().size(); i++) {
            String check = checks().get(i);
            violations.require(
                    !check.isBlank() && check.lines().count() == 1,
                    "checks[" + i + "]",
                    "must be one line of SQL, got '" + check + "'; write it like SELECT count(*) > 0 FROM dag");
        }
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link RestoreTestSpec}. */
    class Builder extends ImmutableRestoreTestSpec.Builder {
        Builder() {}
    }
}
