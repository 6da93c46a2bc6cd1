package io.github.postgresqlha.spec;

import io.fabric8.kubernetes.api.model.Quantity;
import io.github.postgresqlha.schedule.CronSchedule;
import java.util.Locale;
import java.util.Optional;

/**
 * What dumps, base backups and WAL take of the backup volume, in bytes.
 *
 * <p>Dumps: those of the retention and the one that is being written. Base backups: those that are kept and the one that is being
 * written. WAL: that of the time which those base backups span. All are compressed, and nobody knows how well: an estimate is made
 * with the share that is likely, and a certainty with the smallest that is known of real databases.
 *
 * @param dumps bytes that the dumps are likely to take
 * @param bases bytes that the base backups are likely to take
 * @param wal bytes that the archived WAL is likely to take
 * @param least bytes that all of it takes at the very least
 * @param volume bytes of the volume
 */
record BackupCapacity(long dumps, long bases, long wal, long least, long volume) {

    /** Of a database's size: a dump has no indexes. */
    private static final double DUMP_SHARE = 0.25;

    private static final double LEAST_DUMP_SHARE = 0.04;
    private static final double BASE_SHARE = 0.40;
    private static final double LEAST_BASE_SHARE = 0.10;
    private static final double WAL_SHARE = 0.50;
    private static final double LEAST_WAL_SHARE = 0.05;
    private static final int WARNING_PERCENT = 85;

    /** Empty where the database's size is not given. */
    static Optional<BackupCapacity> of(BackupScheduleSpec spec) {
        return spec.capacity().databaseSize().map(size -> of(spec, bytes(size)));
    }

    private static BackupCapacity of(BackupScheduleSpec spec, double database) {
        double dumps = 1 + Math.max(spec.retentionMinimum(), Math.ceil(spec.retentionDays() / days(spec.schedule())));
        int bases = spec.takesBaseBackups() ? spec.base().keep() + 1 : 0;
        double walPerDay =
                spec.capacity().walPerDay().map(BackupCapacity::bytes).orElse(0.0);
        double wal = spec.walArchive().enabled() ? walPerDay * walDays(spec, bases) : 0;
        return new BackupCapacity(
                Math.round(dumps * database * DUMP_SHARE),
                Math.round(bases * database * BASE_SHARE),
                Math.round(wal * WAL_SHARE),
                Math.round((dumps * LEAST_DUMP_SHARE + bases * LEAST_BASE_SHARE) * database + wal * LEAST_WAL_SHARE),
                spec.storage().bytes());
    }

    /** WAL leads on from the oldest base backup; without any it goes by age. */
    private static double walDays(BackupScheduleSpec spec, int bases) {
        return bases > 0 ? bases * days(spec.base().schedule()) : spec.retentionDays();
    }

    long likely() {
        return dumps + bases + wal;
    }

    /** Why it cannot fit, whatever the data; empty where it can. */
    Optional<String> certainty() {
        return least <= volume
                ? Optional.empty()
                : Optional.of("cannot hold the backups: even at best they take " + gibibytes(least) + " of "
                        + gibibytes(volume) + " (" + parts() + "); " + remedy());
    }

    /** What to look at before it is full; empty where there is room. */
    Optional<String> warning() {
        return likely() * 100 <= volume * WARNING_PERCENT
                ? Optional.empty()
                : Optional.of("the backups are likely to take " + gibibytes(likely()) + " of " + gibibytes(volume)
                        + ", more than " + WARNING_PERCENT + " % (" + parts() + "); " + remedy());
    }

    private String parts() {
        return "likely: dumps " + gibibytes(dumps) + ", base backups " + gibibytes(bases) + ", WAL " + gibibytes(wal);
    }

    private String remedy() {
        return "set it to " + (long) Math.ceil(likely() * 100.0 / WARNING_PERCENT / (1L << 30))
                + "Gi, keep backups for a shorter time, or correct backup.capacity";
    }

    private static double days(CronSchedule schedule) {
        return schedule.longestGap().toMinutes() / (24 * 60.0);
    }

    private static double bytes(Quantity quantity) {
        return quantity.getNumericalAmount().doubleValue();
    }

    private static String gibibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1fGi", bytes / (double) (1L << 30));
    }
}
