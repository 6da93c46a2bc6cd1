package io.github.postgresqlha.backup;

import io.github.postgresqlha.kubernetes.ComputeResources;

/** When dumps are taken, how long they are kept, and what a run may use. */
record BackupPlan(
        String schedule, String timeZone, int retentionDays, int retentionMinimum, ComputeResources resources) {}
