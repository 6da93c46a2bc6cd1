package io.github.postgresqlha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import java.util.List;
import org.cdk8s.App;
import org.junit.jupiter.api.Test;

class PostgresqlHaChartIT {

    @Test
    void has_a_construct_for_each_file_in_the_order_of_application() {
        PostgresqlHaChart chart = new PostgresqlHaChart(new App(), "postgresql", Examples.standard());
        assertThat(chart.installation().manifests().stream().map(Manifest::id))
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
                        "postgresql-monitoring",
                        "postgresql-airflow");
    }

    @Test
    void has_the_objects_that_users_were_promised() {
        PostgresqlHaChart chart = new PostgresqlHaChart(new App(), "postgresql", Examples.standard());
        assertThat(chart.installation().manifests().stream()
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
    void refuses_two_installations_of_one_name() {
        App app = new App();
        new PostgresqlHaChart(app, "one", Examples.standard());
        assertThatThrownBy(() -> new PostgresqlHaChart(app, "two", Examples.standard()))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageStartingWith("Namespace airflow: stands twice;"
                        + " give one of the two installations another name or namespace");
    }

    @Test
    void of_two_installations_in_one_namespace_one_makes_it() {
        App app = new App();
        new PostgresqlHaChart(app, "one", Examples.standard());
        PostgresqlHaSpec other = PostgresqlHaSpec.builder().name("reports").build();
        assertThatThrownBy(() -> new PostgresqlHaChart(app, "two", other))
                .hasMessageStartingWith("Namespace airflow: stands twice;"
                        + " give one of the two installations another name or namespace, or createNamespace: false");
        new PostgresqlHaChart(
                app,
                "three",
                PostgresqlHaSpec.builder().from(other).createNamespace(false).build());
    }

    private static String kindAndName(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }
}
