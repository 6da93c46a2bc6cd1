package io.github.postgresqlha.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatementStatisticsTest {

    @Test
    void are_counted_without_the_text_of_what_has_passwords() {
        ParameterSet parameters = parameters(Map.of());
        assertThat(parameters.value("shared_preload_libraries")).isEqualTo("pg_stat_statements");
        assertThat(parameters.value("pg_stat_statements.track_utility")).isEqualTo("off");
    }

    @Test
    void give_way_to_what_the_specification_loads() {
        ParameterSet parameters = parameters(Map.of("shared_preload_libraries", "pgaudit,pg_stat_statements"));
        assertThat(parameters.value("shared_preload_libraries")).isEqualTo("pgaudit,pg_stat_statements");
        assertThat(parameters.names()).doesNotHaveDuplicates();
    }

    private static ParameterSet parameters(Map<String, String> values) {
        return Parameters.of(
                PostgresVersion.V17,
                new WalSizing(20L << 30),
                MemorySizing.fixed(),
                new ServerSecurity("scram-sha-256", Optional.empty(), Audit.OFF),
                List.of(),
                values);
    }
}
