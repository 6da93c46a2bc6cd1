package io.github.postgresqlha.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.installation.Installation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An alert begins where the health check warns: by the same key of the specification. */
class AlertThresholdsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            replicationLagMaxBytes: 12345678    | lag_bytes >= 12345678
            replicationLagMaxSeconds: 17        | replay_age_seconds >= 17
            connectionsMaxPercent: 37           | max_connections >= 37
            diskMaxPercent: 73                  | volume_used_percent >= 73
            diskForecastMinHours: 7             | predict_linear(postgresql_ha_volume_free_bytes[6h], 25200) < 0
            backupMaxAgeHours: 31               | ) / 3600 >= 31
            certificateMinDays: 29              | / 86400 < 29
            transactionMaxMinutes: 7            | longest_transaction_seconds >= 420
            idleInTransactionMaxMinutes: 3      | longest_idle_in_transaction_seconds >= 180
            lockWaitMaxSeconds: 41              | longest_lock_wait_seconds >= 41
            cacheHitMinPercent: 83              | > 1000) < 83
            transactionIdMaxAge: 612345678      | xid_age > 612345678
            recoveryConflictsMaxPerHour: 19     | conflicts[1h])) >= 19
            """)
    void follows_the_key(String key, String expression) {
        Installation installation =
                Installation.of(ConfigurationFile.parse("{metrics: {enabled: true}, healthMonitor: {" + key + "}}"));
        String rules = AlertRules.of(installation).file().orElseThrow();
        assertThat(rules.replaceAll("\\s+", " ").replaceAll("\\{[^}]*}", "")).contains(expression);
    }
}
