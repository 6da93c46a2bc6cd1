package io.github.postgresqlha.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.postgresqlha.spec.ConfigurationSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParametersTest {

    private static final WalSizing WAL_20_GIB = new WalSizing(20L << 30);

    @Test
    void has_the_values_that_users_were_promised() {
        assertThat(standard().render().lines().map(line -> line.replaceFirst("  +#.*", "")))
                .contains(
                        "max_wal_senders = 3",
                        "shared_buffers = 256MB",
                        "effective_cache_size = 1GB",
                        "work_mem = 4MB",
                        "checkpoint_completion_target = 0.9",
                        "wal_buffers = 16MB",
                        "max_connections = 200");
    }

    @Test
    void gives_every_parameter_a_reason_and_names_it_once() {
        assertThat(standard().render().lines().filter(line -> line.contains(" = ")))
                .allMatch(line -> line.matches(".+  # \\S.*"));
        assertThat(standard().names()).doesNotHaveDuplicates();
    }

    @Test
    void replaces_a_value_in_its_place() {
        assertThat(with("work_mem", "8MB").render())
                .contains("work_mem = 8MB                      # from the specification\n")
                .doesNotContain(" 4MB");
    }

    @Test
    void appends_parameters_that_the_product_does_not_set_and_quotes_what_needs_it() {
        assertThat(with("search_path", "it's, here").render())
                .endsWith("# Further parameters\nsearch_path = 'it''s, here'  # from the specification\n");
    }

    @Test
    void writes_a_backslash_so_that_the_server_reads_one() {
        assertThat(with("log_line_prefix", "%m \\").render()).contains("log_line_prefix = '%m \\\\' ");
    }

    @Test
    void owns_what_the_product_depends_on_so_that_a_specification_cannot_set_it() {
        assertThat(List.of(
                        MandatoryParameters.connections(true),
                        MandatoryParameters.replication(true),
                        MandatoryParameters.security("scram-sha-256")))
                .flatMap(ParameterSection::parameters)
                .allMatch(parameter -> OwnedParameters.contains(parameter.name()));
    }

    @Test
    void names_what_only_a_restart_applies() {
        assertThat(with("work_mem", "8MB").restartRequired())
                .isEqualTo(standard().restartRequired());
        assertThat(with("max_connections", "300").restartRequired()).contains("max_connections = 300\n");
        assertThat(with("pg_stat_statements.max", "10").restartRequired()).contains("pg_stat_statements.max = 10\n");
    }

    @Test
    void leaves_out_what_an_older_major_does_not_know() {
        assertThat(Parameters.of(
                                PostgresVersion.V16,
                                WAL_20_GIB,
                                MemorySizing.fixed(),
                                ServerSecurity.of("scram-sha-256"),
                                List.of(),
                                Map.of())
                        .names())
                .doesNotContain("summarize_wal");
    }

    @Test
    void reserves_connections_where_the_major_can() {
        assertThat(standard().value("reserved_connections")).isEqualTo("10");
        assertThat(Parameters.of(
                                PostgresVersion.V15,
                                WAL_20_GIB,
                                MemorySizing.fixed(),
                                ServerSecurity.of("scram-sha-256"),
                                List.of(),
                                Map.of())
                        .names())
                .doesNotContain("reserved_connections");
    }

    @Test
    void counts_what_is_reserved_in_the_least_number_of_connections() {
        assertThat(ConfigurationSpec.builder().maxConnections(33).build().maxConnections())
                .isEqualTo(33);
        assertThatThrownBy(() -> ConfigurationSpec.builder().maxConnections(32).build())
                .hasMessageContaining("must be 33 to 10000 (20 that Airflow alone needs, 10 for the health check");
        assertThatThrownBy(() -> ConfigurationSpec.builder()
                        .maxConnections(37)
                        .putParameter("superuser_reserved_connections", "8")
                        .build())
                .hasMessageContaining("must be 38 to 10000");
    }

    @Test
    void shares_out_the_wal_volume() {
        assertThat(standard().value("max_slot_wal_keep_size")).isEqualTo("8GB");
        ParameterSet small = Parameters.of(
                PostgresVersion.V17,
                new WalSizing(2L << 30),
                MemorySizing.fixed(),
                ServerSecurity.of("scram-sha-256"),
                List.of(),
                Map.of());
        assertThat(small.value("max_slot_wal_keep_size")).isEqualTo("819MB");
        assertThat(small.value("max_wal_size")).isEqualTo("409MB");
        assertThat(small.value("min_wal_size")).isEqualTo("102MB");
    }

    @Test
    void lets_either_member_confirm_the_commits_of_the_other() {
        assertThat(Parameters.of(
                                PostgresVersion.V17,
                                WAL_20_GIB,
                                MemorySizing.fixed(),
                                ServerSecurity.of("scram-sha-256"),
                                List.of("a-primary", "a-standby"),
                                Map.of())
                        .render())
                .contains("synchronous_standby_names = 'ANY 1 (\"a-primary\", \"a-standby\")'");
    }

    @ParameterizedTest
    @EnumSource(names = {"V18", "V19"})
    void writes_for_newer_majors_what_it_writes_for_17(PostgresVersion newer) {
        assertThat(Parameters.of(
                                newer,
                                WAL_20_GIB,
                                MemorySizing.fixed(),
                                ServerSecurity.of("scram-sha-256"),
                                List.of(),
                                Map.of())
                        .render())
                .isEqualTo(standard().render());
    }

    private static ParameterSet standard() {
        return Parameters.of(
                PostgresVersion.V17,
                WAL_20_GIB,
                MemorySizing.fixed(),
                ServerSecurity.of("scram-sha-256"),
                List.of(),
                Map.of());
    }

    private static ParameterSet with(String name, String value) {
        return Parameters.of(
                PostgresVersion.V17,
                WAL_20_GIB,
                MemorySizing.fixed(),
                ServerSecurity.of("scram-sha-256"),
                List.of(),
                Map.of(name, value));
    }
}
