package io.github.postgresqlha.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ParameterCatalogueTest {

    @ParameterizedTest
    @EnumSource
    void has_what_the_product_itself_writes_for_each_major(PostgresVersion version) {
        assertThat(ParameterCatalogue.names(version))
                .hasSizeGreaterThan(330)
                .containsAll(Parameters.of(
                                version,
                                new WalSizing(20L << 30),
                                "scram-sha-256",
                                List.of("postgresql-primary", "postgresql-standby"),
                                Map.of())
                        .names());
    }

    @ParameterizedTest
    @CsvSource({
        "V15,reserved_connections,V16",
        "V16,summarize_wal,V17",
        "V17,io_method,V18",
        "V18,log_autoanalyze_min_duration,V19",
    })
    void knows_when_a_parameter_came(PostgresVersion before, String name, PostgresVersion since) {
        assertThat(ParameterCatalogue.problem(before, name)).isPresent();
        assertThat(ParameterCatalogue.problem(since, name)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "V15,promote_trigger_file,V16",
        "V15,vacuum_defer_cleanup_age,V16",
        "V16,old_snapshot_threshold,V17",
        "V18,escape_string_warning,V19",
    })
    void knows_when_a_parameter_went(PostgresVersion last, String name, PostgresVersion without) {
        assertThat(ParameterCatalogue.problem(last, name)).isEmpty();
        assertThat(ParameterCatalogue.problem(without, name)).isPresent();
    }

    @Test
    void leaves_parameters_of_extensions_alone_and_counts_them_as_read_at_the_start() {
        assertThat(ParameterCatalogue.problem(PostgresVersion.V17, "pg_stat_statements.max"))
                .isEmpty();
        assertThat(ParameterCatalogue.needsRestart("pg_stat_statements.max")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"shared_buffers,true", "io_method,true", "autovacuum_max_workers,true", "work_mem,false"})
    void knows_what_a_running_server_keeps(String name, boolean restart) {
        assertThat(ParameterCatalogue.needsRestart(name)).isEqualTo(restart);
    }
}
