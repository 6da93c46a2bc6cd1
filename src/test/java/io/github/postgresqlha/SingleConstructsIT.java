package io.github.postgresqlha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.github.postgresqlha.edit.Edits;
import io.github.postgresqlha.schedule.CronSchedule;
import io.github.postgresqlha.spec.CredentialsSpec;
import io.github.postgresqlha.spec.HealthMonitorSpec;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.spec.MetricsSpec;
import io.github.postgresqlha.spec.PoolerSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.StandbyDatabaseSpec;
import io.github.postgresqlha.testing.Examples;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cdk8s.ApiObject;
import org.cdk8s.ApiObjectProps;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The constructs of single parts in a chart of the user's own. */
class SingleConstructsIT {

    private final Chart chart = new Chart(new App(), "databases");

    @Test
    void two_installations_stand_beside_an_object_of_the_users_own() {
        new PostgresqlHa(chart, "orders", named("orders"));
        new PostgresqlHa(chart, "reports", named("reports"));
        new ApiObject(
                chart,
                "own",
                ApiObjectProps.builder().apiVersion("v1").kind("ConfigMap").build());
        assertThat(names())
                .doesNotHaveDuplicates()
                .contains("StatefulSet orders-primary", "StatefulSet reports-standby", "Secret reports-secret")
                .anyMatch(name -> name.startsWith("ConfigMap databases-own-"));
    }

    @Test
    void a_primary_has_all_that_it_mounts_and_names() {
        PrimaryDatabase primary = new PrimaryDatabase(chart, "primary", single());
        assertThat(names())
                .contains(
                        "Namespace airflow",
                        "PersistentVolumeClaim data-postgresql-primary",
                        "PersistentVolumeClaim wal-postgresql-primary",
                        "PersistentVolumeClaim postgresql-backup",
                        "ConfigMap postgresql-config",
                        "Secret postgresql-secret",
                        "ServiceAccount postgresql-instance",
                        "Service postgresql-peers",
                        "StatefulSet postgresql-primary")
                .doesNotContain("CronJob postgresql-backup");
        assertThat(primary.serviceName()).isEqualTo("postgresql-primary");
    }

    @Test
    void a_secret_of_somebody_else_is_left_to_them() {
        new PrimaryDatabase(
                chart,
                "primary",
                PostgresqlHaSpec.builder()
                        .from(single())
                        .credentials(CredentialsSpec.builder()
                                .existingSecret("theirs")
                                .build())
                        .build());
        assertThat(names()).noneMatch(name -> name.startsWith("Secret "));
    }

    /** One of them with policies and with an object that the specification adds. */
    @ParameterizedTest
    @ValueSource(strings = {"standard", "extended"})
    void parts_of_one_installation_share_what_they_need(String name) {
        PostgresqlHaSpec spec = Objects.requireNonNull(Examples.all().get(name));
        new HealthMonitor(chart, "health", spec);
        new PrimaryDatabase(chart, "primary", spec);
        new StandbyDatabase(chart, "standby", spec);
        new BackupSchedule(chart, "backup", spec);
        new AirflowConnection(chart, "airflow", spec);
        List<String> parts = names();
        assertThat(parts).doesNotHaveDuplicates();
        PostgresqlHaChart whole = new PostgresqlHaChart(new App(), "whole", spec);
        assertThat(parts).containsExactlyInAnyOrderElementsOf(names(whole));
    }

    @Test
    void the_pooler_and_what_is_scraped_are_parts_too() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .metrics(MetricsSpec.builder().enabled(true).build())
                .pooler(PoolerSpec.builder().enabled(true).build())
                .build();
        new HealthMonitor(chart, "health", spec);
        new ConnectionPooler(chart, "pooler", spec);
        assertThat(names()).contains("Deployment postgresql-pooler", "ConfigMap postgresql-dashboard");
        assertThatThrownBy(() -> new ConnectionPooler(chart, "none", Examples.standard()))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(
                        "pooler.enabled: must be true where a chart has the construct ConnectionPooler, got false");
    }

    @Test
    void a_part_stands_once() {
        new PrimaryDatabase(chart, "one", single());
        assertThatThrownBy(() -> new PrimaryDatabase(chart, "two", single()))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageStartingWith("StatefulSet airflow/postgresql-primary: stands twice;"
                        + " give one of the two installations another name or namespace");
    }

    @Test
    void parts_of_one_name_must_be_of_one_specification() {
        new PrimaryDatabase(chart, "primary", Examples.standard());
        PostgresqlHaSpec warned = PostgresqlHaSpec.builder()
                .from(Examples.standard())
                .healthMonitor(HealthMonitorSpec.builder()
                        .schedule(new CronSchedule("*/7 * * * *"))
                        .build())
                .build();
        assertThatThrownBy(() -> new StandbyDatabase(chart, "standby", warned))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessage(
                        "installation postgresql in namespace airflow: its constructs must have one specification, got two that differ;"
                                + " give all of them the same, or give one of two installations another name or namespace");
    }

    @Test
    void parts_of_one_name_must_have_the_same_edits() {
        new PrimaryDatabase(chart, "primary", Examples.standard());
        Edits edits = Edits.of(PodSpecBuilder.class, pod -> pod.withRuntimeClassName("gvisor"));
        assertThatThrownBy(() -> new StandbyDatabase(chart, "standby", Examples.standard(), edits))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessage(
                        "installation postgresql in namespace airflow: its constructs must have the same edits, got others for"
                                + " StatefulSet postgresql-primary; give all of them the same,"
                                + " or give one of two installations another name or namespace");
    }

    @Test
    void a_standby_needs_a_specification_with_one() {
        assertThatThrownBy(() -> new StandbyDatabase(chart, "standby", single()))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(
                        "standby.enabled: must be true where a chart has the construct StandbyDatabase, got false");
    }

    private static PostgresqlHaSpec named(String name) {
        return PostgresqlHaSpec.builder().name(name).namespace(name).build();
    }

    private static PostgresqlHaSpec single() {
        return PostgresqlHaSpec.builder()
                .standby(StandbyDatabaseSpec.builder().enabled(false).build())
                .build();
    }

    private List<String> names() {
        return names(chart);
    }

    private static List<String> names(Chart chart) {
        return ((List<?>) chart.toJson())
                .stream().map(object -> kindAndName((Map<?, ?>) object)).toList();
    }

    private static String kindAndName(Map<?, ?> object) {
        return object.get("kind") + " "
                + (object.get("metadata") instanceof Map<?, ?> metadata ? metadata.get("name") : "");
    }
}
