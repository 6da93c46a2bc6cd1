package io.github.postgresqlha.metrics;

import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.installation.Installation;

/** An installation that has all that an alert can be about. */
final class Measured {

    private Measured() {}

    static Installation installation() {
        return Installation.of(ConfigurationFile.parse("""
                        image: registry.example/postgresql-patroni:17
                        failover: automatic
                        standby: {count: 2}
                        configuration: {maxWalSenders: 5}
                        replication: {synchronous: true}
                        network: {apiServerCidr: 10.0.0.1/32}
                        backup: {offsite: {remote: "offsite:bucket/postgresql", secret: rclone, encrypted: false}}
                        metrics: {enabled: true, podMonitor: {enabled: true}}
                        alerts: {prometheusRule: true}
                        """));
    }
}
