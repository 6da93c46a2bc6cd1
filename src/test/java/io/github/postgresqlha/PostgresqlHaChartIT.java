package io.github.postgresqlha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.database.PrimaryDatabase;
import io.github.postgresqlha.database.StandbyDatabase;
import io.github.postgresqlha.kubernetes.Manifest;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.testing.Examples;
import java.util.List;
import java.util.Map;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.junit.jupiter.api.Test;

class PostgresqlHaChartIT {

    @Test
    void has_a_construct_for_each_file_in_the_order_of_application() {
        PostgresqlHaChart chart = new PostgresqlHaChart(new App(), "postgresql", Examples.standard());
        assertThat(chart.manifests().stream().map(Manifest::id))
                .containsExactly(
                        "postgresql-namespace",
                        "postgresql-storage",
                        "postgresql-configmap",
                        "postgresql-secret",
                        "postgresql-rbac",
                        "postgresql-network",
                        "postgresql-primary",
                        "postgresql-standby",
                        "postgresql-backup",
                        "postgresql-monitoring");
    }

    @Test
    void has_the_objects_that_users_were_promised() {
        PostgresqlHaChart chart = new PostgresqlHaChart(new App(), "postgresql", Examples.standard());
        assertThat(chart.manifests().stream()
                        .map(Manifest::objects)
                        .flatMap(List::stream)
                        .map(PostgresqlHaChartIT::kindAndName))
                .contains(
                        "Namespace airflow",
                        "StatefulSet postgresql-primary",
                        "StatefulSet postgresql-standby",
                        "Service postgresql-primary",
                        "Service postgresql-standby",
                        "Secret postgresql-secret",
                        "PersistentVolumeClaim postgresql-backup",
                        "CronJob postgresql-backup",
                        "CronJob postgresql-health-check")
                .doesNotHaveDuplicates();
    }

    @Test
    void holds_two_differently_named_installations() {
        Chart chart = new Chart(new App(), "databases");
        for (String name : List.of("orders", "reports")) {
            PostgresqlHaSpec spec = PostgresqlHaSpec.builder().name(name).build();
            PrimaryDatabase primary =
                    new PrimaryDatabase(chart, name + "-primary", Installations.of(spec), spec.primary());
            new StandbyDatabase(chart, name + "-standby", primary, spec.standby());
        }
        List<String> objects = ((List<?>) chart.toJson())
                .stream()
                        .map(object -> (Map<?, ?>) object)
                        .map(PostgresqlHaChartIT::kindAndName)
                        .toList();
        assertThat(objects)
                .doesNotHaveDuplicates()
                .contains(
                        "StatefulSet orders-primary",
                        "StatefulSet reports-standby",
                        "ConfigMap orders-config",
                        "PersistentVolumeClaim wal-reports-standby",
                        "Secret reports-secret");
    }

    @Test
    void refuses_two_installations_of_one_name() {
        App app = new App();
        new PostgresqlHaChart(app, "one", Examples.standard());
        assertThatThrownBy(() -> new PostgresqlHaChart(app, "two", Examples.standard()))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessage("installation airflow/postgresql: stands twice;"
                        + " give one of the two installations another name or namespace");
    }

    @Test
    void refuses_two_instances_of_one_name_in_a_chart() {
        Chart chart = new Chart(new App(), "databases");
        PostgresqlHaSpec spec = Examples.standard();
        new PrimaryDatabase(chart, "one", Installations.of(spec), spec.primary());
        assertThatThrownBy(() -> new PrimaryDatabase(chart, "two", Installations.of(spec), spec.primary()))
                .hasMessage("StatefulSet airflow/postgresql-primary: stands twice;"
                        + " give one of the two installations another name or namespace");
    }

    private static String kindAndName(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }

    private static String kindAndName(Map<?, ?> object) {
        Map<?, ?> metadata = (Map<?, ?>) object.get("metadata");
        return object.get("kind") + " " + (metadata == null ? "" : metadata.get("name"));
    }
}
