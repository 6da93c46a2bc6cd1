package io.github.postgresqlha.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.postgresqlha.configuration.ConfigurationFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolerRulesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{enabled: true}                                       | 20",
                "{enabled: true, directConnections: 130}               | 16",
                "{enabled: true, directConnections: 175}               | 1",
                "{enabled: true, readOnly: true, replicas: 4}          | 12",
                "{enabled: true, poolSize: 46}                         | 46",
            })
    void a_pool_is_what_max_connections_leaves(String pooler, int size) {
        assertThat(PoolerBudget.size(ConfigurationFile.parse("pooler: " + pooler)))
                .isEqualTo(size);
    }

    @Test
    void each_declared_database_has_a_pool_of_its_own() {
        assertThat(PoolerBudget.size(
                        ConfigurationFile.parse("{pooler: {enabled: true}, databases: [{name: a}, {name: b}]}")))
                .isEqualTo(15);
    }

    @Test
    void before_postgresql_16_nothing_is_reserved_but_for_superusers() {
        assertThat(PoolerBudget.of(ConfigurationFile.parse("{postgresVersion: 15, pooler: {enabled: true}}"))
                        .arithmetic(20))
                .isEqualTo(
                        "200 connections - 3 reserved - 40 direct = 157; 3 pods (one more than replicas while they change) x (3 of its own + 1 pools x 20) = 69");
    }

    @Test
    void what_superusers_reserve_is_nobody_s() {
        assertThat(PoolerBudget.of(
                                ConfigurationFile.parse(
                                        "{pooler: {enabled: true}, configuration: {parameters: {superuser_reserved_connections: 0x0a}}}"))
                        .arithmetic(20))
                .startsWith("200 connections - 20 reserved - 40 direct = 140;");
    }

    @Test
    void one_session_too_many_is_refused_with_the_arithmetic() {
        refused("pooler: {enabled: true, poolSize: 47}", """
                pooler.poolSize: must fit into configuration.maxConnections, got 47: 200 connections - 13 reserved - 40 direct = 147; \
                3 pods (one more than replicas while they change) x (3 of its own + 1 pools x 47) = 150; \
                lower it to 46, or raise configuration.maxConnections, or lower pooler.directConnections""");
    }

    @Test
    void where_no_pool_fits_it_says_so() {
        refused(
                "pooler: {enabled: true, directConnections: 176}",
                "not even pools of 1 fit: raise configuration.maxConnections, or lower pooler.directConnections");
    }

    @Test
    void readers_need_a_standby() {
        refused(
                "{pooler: {enabled: true, readOnly: true}, standby: {enabled: false}}",
                "pooler.readOnly: needs a standby, got true with standby.enabled false; enable the standby or set it to false");
    }

    @Test
    void its_role_is_nobody_elses() {
        refused(
                "{pooler: {enabled: true}, databaseOwner: pooler, roles: [{name: pooler}]}",
                "roles[0].name: is the role of the pooler, got 'pooler'; choose another, or disable the pooler");
    }

    @Test
    void its_entries_are_no_databases() {
        refused(
                "{pooler: {enabled: true}, databaseName: pgbouncer, airflow: {enabled: false}}",
                "databaseName: is a name of the pooler's own, got 'pgbouncer'; choose another, or disable the pooler");
        refused(
                "{pooler: {enabled: true}, databases: [{name: pooler_auth}]}",
                "databases[0].name: is a name of the pooler's own, got 'pooler_auth'; choose another, or disable the pooler");
        assertThat(ConfigurationFile.parse("databases: [{name: pgbouncer}]").databases())
                .hasSize(1);
    }

    @Test
    void without_a_pooler_the_name_is_free() {
        assertThat(ConfigurationFile.parse("roles: [{name: pooler}]").roles()).hasSize(1);
    }

    @Test
    void an_image_says_what_runs() {
        refused(
                "pooler: {image: edoburu/pgbouncer}",
                "pooler.image: must have a tag that says what runs, got 'edoburu/pgbouncer'; write it like edoburu/pgbouncer:v1.24.1-p1");
    }

    private static void refused(String file, String message) {
        assertThatThrownBy(() -> ConfigurationFile.parse(file))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(message);
    }
}
