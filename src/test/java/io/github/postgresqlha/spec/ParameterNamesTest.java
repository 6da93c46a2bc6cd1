package io.github.postgresqlha.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.postgresql.PostgresVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterNamesTest {

    @ParameterizedTest
    @CsvSource({
        "V15,reserved_connections,V16",
        "V16,summarize_wal,V17",
        "V17,io_method,V18",
        "V18,log_autoanalyze_min_duration,V19",
    })
    void knows_when_a_parameter_came(PostgresVersion before, String name, PostgresVersion since) {
        assertThat(ParameterNames.problem(before, name)).isPresent();
        assertThat(ParameterNames.problem(since, name)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "V15,promote_trigger_file,V16",
        "V15,vacuum_defer_cleanup_age,V16",
        "V16,old_snapshot_threshold,V17",
        "V18,escape_string_warning,V19",
    })
    void knows_when_a_parameter_went(PostgresVersion last, String name, PostgresVersion without) {
        assertThat(ParameterNames.problem(last, name)).isEmpty();
        assertThat(ParameterNames.problem(without, name)).isPresent();
    }

    @Test
    void leaves_parameters_of_extensions_alone() {
        assertThat(ParameterNames.problem(PostgresVersion.V17, "pg_stat_statements.max"))
                .isEmpty();
    }
}
