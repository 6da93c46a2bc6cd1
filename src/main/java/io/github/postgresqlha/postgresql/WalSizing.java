package io.github.postgresqlha.postgresql;

/**
 * How the WAL volume is shared out, so that neither a standby that is away nor a burst of writes can fill it: a full
 * WAL volume stops the server.
 */
public record WalSizing(long volumeBytes) {

    private static final long MIB = 1024L * 1024;
    private static final long GIB = 1024 * MIB;
    /** PostgreSQL refuses less than two segments. */
    private static final long SMALLEST = 32 * MIB;

    /** What slots may hold back at most, 40 % of the volume: the reader of a lost slot needs a new copy. */
    String maxSlotWalKeepSize() {
        return text(volumeBytes / 10 * 4);
    }

    /** Checkpoints come early enough to stay below this: a fifth of the volume, at most 4 GB. */
    String maxWalSize() {
        return text(Math.min(4 * GIB, volumeBytes / 5));
    }

    /** Kept for reuse, a twentieth of the volume, at most 1 GB. */
    String minWalSize() {
        return text(Math.min(GIB, volumeBytes / 20));
    }

    private static String text(long bytes) {
        long megabytes = Math.max(SMALLEST, bytes) / MIB;
        return megabytes % 1024 == 0 ? megabytes / 1024 + "GB" : megabytes + "MB";
    }
}
