package io.github.postgresqlha.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.postgresqlha.spec.ConfigurationSpec;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditTest {

    @ParameterizedTest
    @CsvSource({"DDL, ddl, 'ddl, role'", "WRITES, mod, 'ddl, role, write'", "ALL, all, all"})
    void is_written_by_the_server_or_by_pgaudit(Audit audit, String logStatement, String pgauditLog) {
        ParameterSet plain = parameters(audit, Map.of());
        assertThat(plain.value("log_statement")).isEqualTo(logStatement);
        assertThat(plain.names()).doesNotContain("pgaudit.log");
        ParameterSet loaded =
                parameters(audit, Map.of("shared_preload_libraries", "pg_stat_statements, \"$libdir/pgaudit\""));
        assertThat(loaded.value("pgaudit.log")).isEqualTo(pgauditLog);
        assertThat(loaded.names()).doesNotContain("log_statement");
        assertThat(List.of(plain, loaded))
                .allSatisfy(set -> assertThat(set.value("log_connections")).isEqualTo("on"))
                .allSatisfy(set -> assertThat(set.value("log_disconnections")).isEqualTo("on"))
                .allSatisfy(set -> assertThat(set.names()).doesNotHaveDuplicates());
    }

    @Test
    void off_logs_no_statement_and_no_session() {
        ParameterSet off = parameters(Audit.OFF, Map.of("shared_preload_libraries", "pgaudit"));
        assertThat(off.names()).doesNotContain("log_statement", "log_disconnections", "pgaudit.log");
        assertThat(off.value("log_connections")).isEqualTo("off");
        assertThat(off.value("log_min_duration_statement")).isEqualTo("-1");
        assertThat(off.value("log_min_error_statement")).isEqualTo("panic");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgauditlogtofile", "my_pgaudit", ""})
    void is_not_taken_for_pgaudit(String libraries) {
        assertThat(Audit.hasPgaudit(libraries)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"log_statement, none", "log_connections, off", "log_disconnections, off", "pgaudit.log, none"})
    void refuses_a_parameter_that_it_sets(String name, String value) {
        ConfigurationSpec configuration =
                ConfigurationSpec.builder().parameters(Map.of(name, value)).build();
        assertThatThrownBy(() -> PostgresqlHaSpec.builder()
                        .audit(Audit.WRITES)
                        .configuration(configuration)
                        .build())
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("configuration.parameters." + name + ": is what audit: writes sets, got '" + value
                        + "'; remove it, or set audit to off");
        assertThat(PostgresqlHaSpec.builder()
                        .configuration(configuration)
                        .build()
                        .audit())
                .isEqualTo(Audit.OFF);
    }

    @Test
    void says_that_values_are_in_the_log() {
        assertThat(ofTheLog(PostgresqlHaSpec.builder().build())).isEmpty();
        assertThat(ofTheLog(audited(Map.of()))).hasSize(1).first().asString().startsWith("audit: ");
        assertThat(ofTheLog(audited(Map.of("shared_preload_libraries", "pgaudit"))))
                .isEmpty();
        assertThat(ofTheLog(PostgresqlHaSpec.builder()
                        .configuration(ConfigurationSpec.builder()
                                .parameters(Map.of(
                                        "log_min_duration_statement", "2s",
                                        "log_min_error_statement", "PANIC",
                                        "log_statement", "none"))
                                .build())
                        .build()))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("configuration.parameters.log_min_duration_statement: ");
    }

    private static List<String> ofTheLog(PostgresqlHaSpec spec) {
        return spec.warnings().stream()
                .filter(warning -> warning.contains(": the log holds statements with the values in them"))
                .toList();
    }

    private static PostgresqlHaSpec audited(Map<String, String> parameters) {
        return PostgresqlHaSpec.builder()
                .audit(Audit.ALL)
                .configuration(
                        ConfigurationSpec.builder().parameters(parameters).build())
                .build();
    }

    private static ParameterSet parameters(Audit audit, Map<String, String> values) {
        return Parameters.of(
                PostgresVersion.V17,
                new WalSizing(20L << 30),
                MemorySizing.fixed(),
                new ServerSecurity("scram-sha-256", Optional.empty(), audit),
                List.of(),
                values);
    }
}
