package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;

/** What the health check still calls healthy of sessions, tables, processor, memory and time. */
public interface HealthLimits {
    /** Average of five minutes of the processor time that a member's container may take, in percent, that is a warning. Without a limit it is of the node's. Default: 80. */
    @Key("Percentage of a member's processor limit, on average of five minutes, from which on it warns")
    default int cpuMaxPercent() {
        return 80;
    }

    /** Percentage of a member's memory limit in use, without the file cache that can be given back, that is a warning. Default: 90. */
    @Key("Percentage of a member's memory limit, without file cache, from which on it warns")
    default int memoryMaxPercent() {
        return 90;
    }

    /** Percentage of blocks found in shared_buffers below which it is a warning. Default: 90. */
    @Key("Percentage of blocks found in shared_buffers below which it warns")
    default int cacheHitMinPercent() {
        return 90;
    }

    /** Blocks that a member must have read since its statistics began before its cache hit ratio is judged. Default: 1000000, 8 GB. */
    @Key("Blocks read since the statistics began from which on the cache hit ratio is judged")
    default long cacheHitMinBlocks() {
        return 1_000_000L;
    }

    /** Hours until a data or WAL volume is full, at the growth of the last day, below which it is a warning. Default: 24. */
    @Key("Hours until a data or WAL volume is full, at the last day's growth, below which it warns")
    default int diskForecastMinHours() {
        return 24;
    }

    /** Age of the oldest transaction that works, dumps apart, in minutes that is a warning. Default: 60. */
    @Key("Minutes that a transaction may run, dumps apart, from which on it warns")
    default int transactionMaxMinutes() {
        return 60;
    }

    /** Minutes that a session waits in a transaction that are a warning. Default: 10. */
    @Key("Minutes that a session waits in a transaction from which on it warns")
    default int idleInTransactionMaxMinutes() {
        return 10;
    }

    /** Seconds that a session waits for a lock that are a warning. Default: 60. */
    @Key("Seconds that a session waits for a lock from which on it warns")
    default int lockWaitMaxSeconds() {
        return 60;
    }

    /** Sessions of one role from one address that are idle, as a percentage of max_connections, that are a warning: a leak. Default: 40. */
    @Key("Percentage of max_connections that one client keeps idle from which on it warns")
    default int idleSessionsMaxPercent() {
        return 40;
    }

    /** Minutes without a statement from which on a session counts among those that {@link #idleSessionsMaxPercent} limits. Default: 10. */
    @Key("Minutes without a statement from which on a session counts as idle")
    default int idleSessionMinutes() {
        return 10;
    }

    /** Percentage of dead rows in a table of the application's database, of 10000 dead rows and more, that is a warning. Default: 20, where autovacuum begins. */
    @Key("Percentage of a table's rows that are dead from which on it warns")
    default int deadRowsMaxPercent() {
        return 20;
    }

    /** Percentage of a table that its rows do not need, from 100 MiB on and as an estimate, that is a warning. Default: 50. */
    @Key("Percentage of a table that its rows do not need from which on it warns")
    default int bloatMaxPercent() {
        return 50;
    }

    /** Transactions since the oldest row was frozen that are a warning; it is critical from 1500000000 on, and PostgreSQL stops at two billion. Default: 500000000. An error above 1500000000. */
    @Key("Age in transactions of the oldest row that was not frozen from which on it warns")
    default long transactionIdMaxAge() {
        return 500_000_000L;
    }

    /** Queries on a standby that recovery ended in an hour that are a warning. Default: 10. */
    @Key("Queries on a standby that recovery ended in an hour from which on it warns")
    default int recoveryConflictsMaxPerHour() {
        return 10;
    }

    /** Minutes that one of two members is away, as in maintenance, from which on it is critical and no longer a warning. Default: 60. */
    @Key("Minutes that one of two members may be away, as in maintenance, from which on it is critical")
    default int maintenanceMaxMinutes() {
        return 60;
    }

    @Internal
    static void check(HealthLimits limits, Violations violations) {
        requirePercent(violations, "cpuMaxPercent", limits.cpuMaxPercent());
        requirePercent(violations, "memoryMaxPercent", limits.memoryMaxPercent());
        requirePercent(violations, "cacheHitMinPercent", limits.cacheHitMinPercent());
        requirePositive(violations, "cacheHitMinBlocks", limits.cacheHitMinBlocks());
        requirePositive(violations, "diskForecastMinHours", limits.diskForecastMinHours());
        requirePositive(violations, "transactionMaxMinutes", limits.transactionMaxMinutes());
        requirePositive(violations, "idleInTransactionMaxMinutes", limits.idleInTransactionMaxMinutes());
        requirePositive(violations, "lockWaitMaxSeconds", limits.lockWaitMaxSeconds());
        requirePercent(violations, "idleSessionsMaxPercent", limits.idleSessionsMaxPercent());
        requirePositive(violations, "idleSessionMinutes", limits.idleSessionMinutes());
        requirePercent(violations, "deadRowsMaxPercent", limits.deadRowsMaxPercent());
        requirePercent(violations, "bloatMaxPercent", limits.bloatMaxPercent());
        requirePositive(violations, "transactionIdMaxAge", limits.transactionIdMaxAge());
        requirePositive(violations, "recoveryConflictsMaxPerHour", limits.recoveryConflictsMaxPerHour());
        requirePositive(violations, "maintenanceMaxMinutes", limits.maintenanceMaxMinutes());
        violations.require(
                limits.transactionIdMaxAge() <= 1_500_000_000L,
                "transactionIdMaxAge",
                "must be at most 1500000000, got " + limits.transactionIdMaxAge()
                        + "; from there on it is critical, and PostgreSQL stops at two billion");
    }

    @Internal
    static void requirePositive(Violations violations, String path, long value) {
        violations.require(value > 0, path, "must be more than 0, got " + value + "; raise it");
    }

    @Internal
    static void requirePercent(Violations violations, String path, int value) {
        violations.require(value >= 1 && value <= 100, path, "must be 1 to 100, got " + value + "; it is a percentage");
    }
}
