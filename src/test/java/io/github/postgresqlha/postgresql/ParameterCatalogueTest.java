package io.github.postgresqlha.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
                .containsAll(own(Parameters.of(
                                version,
                                new WalSizing(20L << 30),
                                MemorySizing.fixed(),
                                new ServerSecurity("scram-sha-256", Optional.empty(), Audit.DDL),
                                List.of("postgresql-primary", "postgresql-standby"),
                                Map.of())
                        .names()));
    }

    /** Without those of extensions. */
    private static List<String> own(Collection<String> names) {
        return names.stream().filter(name -> !name.contains(".")).toList();
    }

    @Test
    void counts_parameters_of_extensions_as_read_at_the_start() {
        assertThat(ParameterCatalogue.needsRestart("pg_stat_statements.max")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"shared_buffers,true", "io_method,true", "autovacuum_max_workers,true", "work_mem,false"})
    void knows_what_a_running_server_keeps(String name, boolean restart) {
        assertThat(ParameterCatalogue.needsRestart(name)).isEqualTo(restart);
    }
}
