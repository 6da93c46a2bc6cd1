package io.github.postgresqlha.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AirflowSpecTest {

    @Test
    void counts_what_each_process_may_open() {
        assertThat(budget(AirflowVersion.V3_3))
                .isEqualTo(
                        "scheduler 1 x 15 + API server 1 x 30 + DAG processor 1 x 15 + triggerer 1 x 15 + task 16 x 1"
                                + " + command by hand 5 x 1 = 96");
        assertThat(budget(AirflowVersion.V3_0)).contains("API server 4 x 30");
        assertThat(budget(AirflowVersion.V2_11))
                .isEqualTo("scheduler 1 x 15 + webserver 4 x 15 + DAG processor 3 x 15 + triggerer 1 x 15 + task 16 x 2"
                        + " + command by hand 5 x 1 = 172");
    }

    @Test
    void refuses_more_than_max_connections() {
        assertThatThrownBy(() -> PostgresqlHaSpec.builder()
                        .configuration(
                                ConfigurationSpec.builder().maxConnections(108).build())
                        .build())
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(
                        "airflow.components: may open more connections than there are, scheduler 1 x 15 + API server 1 x 30"
                                + " + DAG processor 1 x 15 + triggerer 1 x 15 + task 16 x 1 + command by hand 5 x 1 = 96, got"
                                + " configuration.maxConnections 108 less 13 reserved and 0 of declared roles; set it to 109 or more, or"
                                + " lower airflow.poolSize, maxOverflow or the counts");
        PostgresqlHaSpec just = PostgresqlHaSpec.builder()
                .configuration(ConfigurationSpec.builder().maxConnections(109).build())
                .build();
        assertThat(just.warnings())
                .anyMatch(line -> line.startsWith("airflow.components: may open 96 of the 96 connections that"));
    }

    @Test
    void takes_what_declared_roles_may_have_off() {
        assertThatThrownBy(() -> PostgresqlHaSpec.builder()
                        .addRole(RoleSpec.builder()
                                .name("reporting")
                                .connectionLimit(100)
                                .build())
                        .build())
                .hasMessageContaining("less 13 reserved and 100 of declared roles; set it to 209 or more");
    }

    @Test
    void counts_nothing_where_there_is_no_kit() {
        assertThat(PostgresqlHaSpec.builder()
                        .configuration(
                                ConfigurationSpec.builder().maxConnections(33).build())
                        .airflow(AirflowSpec.builder().enabled(false).build())
                        .build()
                        .airflow()
                        .enabled())
                .isFalse();
    }

    @Test
    void refuses_3_0_where_no_host_leads_to_the_primary() {
        assertThatThrownBy(() -> PostgresqlHaSpec.builder()
                        .airflow(AirflowSpec.builder()
                                .version(AirflowVersion.V3_0)
                                .build())
                        .build())
                .hasMessageContaining(
                        "airflow.version: must not be 3.0 where failover is manual: its asynchronous connection takes one host name");
    }

    @Test
    void refuses_a_role_for_reports_that_cannot_read() {
        assertThatThrownBy(() -> PostgresqlHaSpec.builder()
                        .airflow(AirflowSpec.builder().reportingRole("bi").build())
                        .build())
                .hasMessageContaining(
                        "airflow.reportingRole: must be a declared role that may log in and read airflow, got 'bi';"
                                + " add {name: bi, databases: {airflow: readOnly}} to roles");
    }

    @Test
    void names_every_wrong_value() {
        assertThatThrownBy(() -> AirflowSpec.builder()
                        .poolSize(0)
                        .maxOverflow(101)
                        .image("not an image")
                        .namespace("Airflow")
                        .build())
                .hasMessageContainingAll(
                        "poolSize: must be 1 to 100, got 0; Airflow's own default is 5",
                        "maxOverflow: must be 0 to 100, got 101; Airflow's own default is 10",
                        "image: is no image, got 'not an image'; write it as registry/name:tag",
                        "namespace: must be 1 to 63 of a-z, 0-9 and -, got 'Airflow'; name the namespace that Airflow runs in");
        assertThatThrownBy(() -> AirflowComponentsSpec.builder().schedulers(0).build())
                .hasMessageContaining("schedulers: must be 1 to 10000, got 0; write it as the chart's values have it");
    }

    private static String budget(AirflowVersion version) {
        return AirflowBudget.of(AirflowSpec.builder().version(version).build()).arithmetic();
    }
}
