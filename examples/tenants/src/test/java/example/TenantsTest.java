package example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.postgresqlha.PostgresqlHa;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cdk8s.Chart;
import org.cdk8s.Testing;
import org.junit.jupiter.api.Test;

class TenantsTest {

    @Test
    void every_tenant_has_its_members_and_the_own_object_is_beside_them() {
        List<String> objects = objects(Tenants.chart(Testing.app())).toList();
        assertThat(objects)
                .doesNotHaveDuplicates()
                .contains(
                        "ConfigMap airflow-sales/contacts",
                        "StatefulSet airflow-sales/sales-primary",
                        "StatefulSet airflow-sales/sales-standby",
                        "StatefulSet airflow-research/research-standby",
                        "StatefulSet airflow-sandbox/sandbox-primary",
                        "Namespace null/airflow-sandbox")
                .doesNotContain("StatefulSet airflow-sandbox/sandbox-standby");
    }

    @Test
    void a_name_that_is_taken_is_refused() {
        Chart chart = Tenants.chart(Testing.app());
        PostgresqlHaSpec again = PostgresqlHaSpec.builder()
                .name("sales")
                .namespace("airflow-sales")
                .build();
        assertThatThrownBy(() -> new PostgresqlHa(chart, "again", again))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("sales");
    }

    private static Stream<String> objects(Chart chart) {
        return ((List<?>) Testing.synth(chart))
                .stream()
                        .map(object -> (Map<?, ?>) object)
                        .map(object -> object.get("kind") + " " + metadata(object).get("namespace") + "/"
                                + metadata(object).get("name"));
    }

    private static Map<?, ?> metadata(Map<?, ?> object) {
        return (Map<?, ?>) object.get("metadata");
    }
}
