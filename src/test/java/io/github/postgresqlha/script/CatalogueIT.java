package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.postgresql.ParameterCatalogue;
import io.github.postgresqlha.postgresql.PostgresVersion;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The catalogue of parameters, and the configuration of the default specification, on a server of the major itself. */
class CatalogueIT {

    /** What minor releases of August 2026 brought to every major, Debian alone has, or an old name that is still taken. */
    private static final Set<String> NOT_EVERYWHERE =
            Set.of("output_plugin_libraries", "extension_destdir", "ssl_ecdh_curve", "force_parallel_mode");

    private static LocalPostgres local;
    private static PlainServer server;

    @BeforeAll
    static void start() {
        local = LocalPostgres.create();
        server = new PlainServer(local, 1).initialise();
        server.awaitOpen();
    }

    @AfterAll
    static void stop() {
        server.stop("immediate");
        local.delete();
    }

    @Test
    void knows_what_a_file_can_set_and_nothing_else() {
        assertThat(names("SELECT lower(name) FROM pg_settings WHERE context <> 'internal'"))
                .isEqualTo(without(ParameterCatalogue.names(LocalMajor.VERSION)));
    }

    @Test
    void knows_what_a_running_server_takes_over_only_by_a_restart() {
        String fixed = "SELECT lower(name) FROM pg_settings WHERE context = 'postmaster'";
        assertThat(names(fixed)).allMatch(ParameterCatalogue::needsRestart);
    }

    @Test
    void knows_which_values_the_server_takes() {
        String settings = """
                SELECT lower(name) || '=' || value FROM pg_settings,
                LATERAL (SELECT unnest(enumvals) UNION SELECT min_val UNION SELECT max_val UNION SELECT boot_val) AS of(value)
                WHERE context <> 'internal' AND value IS NOT NULL""";
        assertThat(server.sql(settings).lines())
                .hasSizeGreaterThan(700)
                .allMatch(setting -> ParameterCatalogue.takes(
                        setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1)));
    }

    @Test
    void finds_nothing_wrong_with_the_default_configuration() {
        String file = local.configuration().resolve("postgresql.conf").toString();
        assertThat(server.bash("postgres -D \"$PGDATA\" -c config_file=" + file + " -C max_connections"))
                .contains("200");
    }

    @Test
    void is_the_major_that_was_asked_for() {
        assertThat(PostgresVersion.valueOf(
                        "V" + server.sql("SELECT current_setting('server_version_num')::int / 10000")))
                .isEqualTo(LocalMajor.VERSION);
    }

    private static Set<String> names(String query) {
        return without(List.of(server.sql(query).split("\n")));
    }

    private static Set<String> without(List<String> names) {
        Set<String> rest = new TreeSet<>(names);
        rest.removeAll(NOT_EVERYWHERE);
        return rest;
    }
}
