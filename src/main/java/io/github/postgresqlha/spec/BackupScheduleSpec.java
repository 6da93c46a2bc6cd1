package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import io.github.postgresqlha.schedule.CronSchedule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/** Dumps of the application's database, base backups, what is kept of them, and the volume that holds them. */
@Value.Immutable
@SpecStyle
public interface BackupScheduleSpec {

    /** When a dump is taken, in UTC. Default: {@code 0 2 * * *}, each night at two. */
    @Key("When a dump is taken, in UTC: minute hour day-of-month month day-of-week")
    default CronSchedule schedule() {
        return new CronSchedule("0 2 * * *");
    }

    /** How many days a dump is kept. Default: 7. An error where it does not cover two runs of the schedule. */
    @Key("How many days a dump is kept")
    default int retentionDays() {
        return 7;
    }

    /** How many good dumps are kept whatever their age. Default: 3. */
    @Key("How many good dumps are kept whatever their age")
    default int retentionMinimum() {
        return 3;
    }

    /**
     * Databases that are dumped beside the application's, which always is: {@code all}, or names. Default: none; a run's log names
     * those that are left out. Each gets a dump of its own in the folder {@code databases} of the backup volume, and is let in as role
     * {@code backup} by {@code pg_hba.conf}. An error where a name is one of a template, comes twice, or cannot be part of a
     * file's name: 1 to 63 of a-z, 0-9, _ and -, no digit or - first. {@code all} leaves out {@code postgres}, which is nobody's, and fails
     * where a database has another such name.
     *
     * @see <a href="https://www.postgresql.org/docs/17/app-pgdump.html">pg_dump</a>
     */
    @Key(
            value =
                    "Databases that are dumped beside the application's: all, or a list of names; none: their names are in the log",
            word = DumpedDatabases.ALL)
    List<String> databases();

    /** The volume of dumps and archived WAL. Default: 50Gi, {@code ReadWriteOnce}. An error with {@code ReadWriteOncePod}: several pods mount it. */
    @Key("Volume of the dumps and of the archived write-ahead log")
    default StorageSpec storage() {
        return StorageSpec.of("50Gi");
    }

    /** What a run asks for. Default: 100m CPU and 256Mi requested, 500m and 512Mi at most. */
    @Key("Processor and memory of a run")
    default ResourcesSpec resources() {
        return ResourcesSpec.of(ResourceAmountsSpec.of("100m", "256Mi"), ResourceAmountsSpec.of("500m", "512Mi"));
    }

    /** The stream of the write-ahead log. Default: on. */
    @Key("Stream of the write-ahead log to the backup volume")
    default WalArchiveSpec walArchive() {
        return WalArchiveSpec.builder().build();
    }

    /** Copies of the whole server, for recovery to any moment. Default: weekly, two are kept. */
    @Key("Base backups: with the archived write-ahead log they lead to any moment")
    default BaseBackupSpec base() {
        return BaseBackupSpec.builder().build();
    }

    /** Whether base backups are taken: without the log they could not be restored. */
    @Value.NonAttribute
    default boolean takesBaseBackups() {
        return base().enabled() && walArchive().enabled();
    }

    /** From which age of the newest base backup on the health check warns, in hours: two runs, begun hours count; empty where none are taken. */
    @Internal
    @Value.NonAttribute
    default Optional<Long> baseBackupMaxAgeHours() {
        return takesBaseBackups()
                ? Optional.of(hours(base().schedule().longestGap().multipliedBy(2)))
                : Optional.empty();
    }

    /** How old the newest dump is just before the next run, in hours; a begun one counts. */
    @Internal
    @Value.NonAttribute
    default long dumpGapHours() {
        return hours(schedule().longestGap());
    }

    private static long hours(Duration time) {
        return (time.toMinutes() + 59) / 60;
    }

    /** The regular proof that backups can be restored. Default: weekly. */
    @Key("Regular proof that backups can be restored")
    default RestoreTestSpec restoreTest() {
        return RestoreTestSpec.builder().build();
    }

    /** The copy outside of the cluster. Default: absent, there is none. */
    @Key("Copy of the backups outside of the cluster; absent: there is none")
    Optional<OffsiteSpec> offsite();

    /** What the backup volume will have to hold. Default: nothing is known, nothing is checked. */
    @Key("What the backup volume will have to hold, as far as you know")
    default CapacitySpec capacity() {
        return CapacitySpec.builder().build();
    }

    /** What to look at before the volume is full. */
    @Internal
    @Value.NonAttribute
    default Optional<String> capacityWarning() {
        return BackupCapacity.of(this).flatMap(BackupCapacity::warning);
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("BackupScheduleSpec");
        violations.require(
                retentionMinimum() >= 1,
                "retentionMinimum",
                "must be at least 1, got " + retentionMinimum() + "; raise it: the last good dump is never deleted");
        long gapDays = Math.max(1, (dumpGapHours() + 23) / 24);
        violations.require(
                retentionDays() >= 2 * gapDays,
                "retentionDays",
                "must cover at least 2 runs of schedule '" + schedule() + "' (" + 2 * gapDays + " days), got "
                        + retentionDays() + "; raise it or run more often");
        violations.require(
                storage().accessMode() != AccessMode.READ_WRITE_ONCE_POD,
                "storage.accessMode",
                "must let several pods in, the members, the archiver and each job, got "
                        + storage().accessMode() + "; leave it at " + AccessMode.READ_WRITE_ONCE + ", or set "
                        + AccessMode.READ_WRITE_MANY);
        DumpedDatabases.check(databases(), violations);
        BackupCapacity.of(this)
                .flatMap(BackupCapacity::certainty)
                .ifPresent(message -> violations.add(new Violation("storage.size", message)));
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link BackupScheduleSpec}. */
    class Builder extends ImmutableBackupScheduleSpec.Builder {
        Builder() {}
    }
}
