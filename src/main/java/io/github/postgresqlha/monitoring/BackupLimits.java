package io.github.postgresqlha.monitoring;

import java.util.OptionalLong;

/**
 * From when on the proofs and copies of backups are too old.
 *
 * @param restoreTestDays age of the last good restore test; empty where none runs
 * @param offsiteMinutes age of the last complete copy outside of the cluster; empty where there is none
 */
public record BackupLimits(OptionalLong restoreTestDays, OptionalLong offsiteMinutes) {

    /** Nothing beyond dumps. */
    public static final BackupLimits NONE = new BackupLimits(OptionalLong.empty(), OptionalLong.empty());
}
