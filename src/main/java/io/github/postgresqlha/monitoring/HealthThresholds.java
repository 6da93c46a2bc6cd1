package io.github.postgresqlha.monitoring;

/** What the health check still calls healthy. */
record HealthThresholds(
        long replicationLagBytes,
        long replicationLagSeconds,
        int connectionsPercent,
        int diskPercent,
        long backupAgeHours) {}
