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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max_wal_size | 100 GB | 102400",
                "max_wal_size | ' 1.5GB ' | 1536",
                "max_wal_size | 0x10 | 16",
                "max_wal_size | 010 | 8",
                "max_wal_size | 1e3 | 1000",
                "max_wal_size | 1048576kB | 1024",
                "wal_buffers | 64kB | 8",
                "statement_timeout | 2min | 120000",
                "vacuum_cost_delay | 500us | 0.5",
                "random_page_cost | 010 | 10",
                "max_slot_wal_keep_size | -1 | -1",
            })
    void reads_a_number_as_the_server_does(String name, String value, double amount) {
        assertThat(ParameterCatalogue.amount(name, value)).hasValue(amount);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max_wal_size | 1PB",
                "max_wal_size | 1 G B",
                "max_wal_size | 5min",
                "max_wal_size | 09",
                "max_wal_size | ''",
                "max_wal_size | 1",
                "max_connections | 1kB",
                "random_page_cost | nan",
                "random_page_cost | -1",
                "statement_timeout | 25d",
                "io_method | io-uring",
                "autovacuum | o",
                "autovacuum | ''",
            })
    void knows_what_the_server_refuses(String name, String value) {
        assertThat(ParameterCatalogue.takes(name, value)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "autovacuum | of",
                "autovacuum | TRUE",
                "huge_pages | yes",
                "io_method | IO_URING",
                "default_transaction_isolation | repeatable read",
                "ssl_max_protocol_version | ''",
                "search_path | anything",
                "own.parameter | anything",
            })
    void knows_what_the_server_takes(String name, String value) {
        assertThat(ParameterCatalogue.takes(name, value)).isTrue();
    }
}
