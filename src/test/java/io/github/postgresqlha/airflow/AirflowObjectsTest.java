package io.github.postgresqlha.airflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.AirflowSpec;
import io.github.postgresqlha.spec.AirflowVersion;
import io.github.postgresqlha.spec.CredentialsSpec;
import io.github.postgresqlha.spec.ExternalSecretSpec;
import io.github.postgresqlha.spec.PoolerSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.SecretStoreRefSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AirflowObjectsTest {

    @Test
    void makes_nothing_where_no_kit_is_wanted() {
        assertThat(of(PostgresqlHaSpec.builder()
                        .airflow(AirflowSpec.builder().enabled(false).build())))
                .isEmpty();
    }

    @Test
    void stands_in_airflow_s_namespace() {
        assertThat(of(PostgresqlHaSpec.builder()
                        .airflow(AirflowSpec.builder().namespace("pipelines").build())))
                .extracting(
                        object -> object.getKind() + " " + object.getMetadata().getNamespace() + "/"
                                + object.getMetadata().getName())
                .containsExactly(
                        "ConfigMap pipelines/postgresql-airflow-environment",
                        "ConfigMap pipelines/postgresql-airflow-settings",
                        "CronJob pipelines/postgresql-airflow-migrate");
    }

    @Test
    void sets_the_variables_that_a_release_knows_and_none_of_before_2_3() {
        assertThat(environment(AirflowVersion.V3_3))
                .containsEntry("AIRFLOW__DATABASE__MAX_DB_RETRIES", "60")
                .containsEntry(
                        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONNECT_ARGS_ASYNC",
                        "airflow_local_settings.connect_args_async")
                .containsEntry("POSTGRESQL_HA_CA_FILE", "/postgresql-ca/ca.crt")
                .doesNotContainKey("POSTGRESQL_HA_POOLER")
                .allSatisfy((name, value) -> assertThat(name).doesNotContain("__CORE__", "_READ"));
        assertThat(environment(AirflowVersion.V2_11))
                .doesNotContainKeys(
                        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONNECT_ARGS",
                        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONNECT_ARGS_ASYNC");
        assertThat(environment(AirflowVersion.V3_0))
                .containsEntry("AIRFLOW__DATABASE__SQL_ALCHEMY_CONNECT_ARGS", "airflow_local_settings.connect_args")
                .containsEntry("POSTGRESQL_HA_POOLER", "true");
    }

    /** The chart reads it as a template. */
    @Test
    void gives_the_chart_no_text_that_it_would_expand() {
        assertThat(AirflowObjects.settings()).doesNotContain("{{", "}}");
    }

    @Test
    void lets_external_secrets_encode_the_password() {
        HasMetadata secret = of(PostgresqlHaSpec.builder()
                        .credentials(CredentialsSpec.builder()
                                .externalSecret(ExternalSecretSpec.builder()
                                        .secretStoreRef(SecretStoreRefSpec.builder()
                                                .name("vault")
                                                .build())
                                        .remoteKey("airflow/postgresql")
                                        .build())
                                .build()))
                .get(0);
        Map<?, ?> spec = inner(((GenericKubernetesResource) secret).getAdditionalProperties(), "spec");
        Map<?, ?> target = inner(spec, "target");
        Map<?, ?> data = inner(inner(target, "template"), "data");
        assertThat(String.valueOf(data.get("connection")))
                .startsWith(
                        "postgresql+psycopg2://airflow:{{ index . \"airflow-password\" | urlquery | replace \"+\" \"%20\" }}"
                                + "@/airflow?host=postgresql-primary.airflow.svc:5432&");
        assertThat(data.get("password")).isEqualTo("{{ index . \"airflow-password\" }}");
        assertThat(spec.get("data"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly(Map.of(
                        "secretKey",
                        "airflow-password",
                        "remoteRef",
                        Map.of("key", "airflow/postgresql", "property", "airflow-password")));
    }

    private static Map<String, String> environment(AirflowVersion version) {
        ConfigMap variables = (ConfigMap) of(PostgresqlHaSpec.builder()
                        .airflow(AirflowSpec.builder().version(version).build())
                        .pooler(PoolerSpec.builder()
                                .enabled(version == AirflowVersion.V3_0)
                                .build()))
                .get(0);
        return variables.getData();
    }

    private static List<HasMetadata> of(PostgresqlHaSpec.Builder spec) {
        return AirflowObjects.of(Installation.of(spec.build()));
    }

    private static Map<?, ?> inner(@Nullable Object map, String key) {
        return (Map<?, ?>) Objects.requireNonNull(((Map<?, ?>) Objects.requireNonNull(map)).get(key));
    }
}
