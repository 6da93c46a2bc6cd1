package io.github.postgresqlha.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Excerpt;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceAccountsTest {

    @Test
    void there_is_one_for_the_members_and_one_for_the_jobs() {
        assertThat(YamlText.of(Excerpt.names(accounts(Examples.standard())))).isEqualTo("""
                  - ServiceAccount postgresql-instance
                  - ServiceAccount postgresql-jobs
                """);
    }

    @Test
    void an_account_has_no_token() {
        assertThat(YamlText.of(accounts(Examples.standard()).get(0))).isEqualTo("""
                apiVersion: v1
                automountServiceAccountToken: false
                kind: ServiceAccount
                metadata:
                  labels:
                    app.kubernetes.io/component: access
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/managed-by: postgresql-ha
                    app.kubernetes.io/name: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                    app.kubernetes.io/version: "17"
                  name: postgresql-instance
                  namespace: airflow
                """);
    }

    @Test
    void both_have_the_annotations_of_the_specification() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .putServiceAccountAnnotation("iam.gke.io/gcp-service-account", "database@example.iam")
                .build();
        assertThat(YamlText.of(accounts(spec).stream()
                        .map(account -> account.getMetadata().getAnnotations())
                        .toList()))
                .isEqualTo("""
                  - iam.gke.io/gcp-service-account: database@example.iam
                  - iam.gke.io/gcp-service-account: database@example.iam
                """);
    }

    @Test
    void they_are_called_after_the_installation() {
        assertThat(YamlText.of(Excerpt.names(accounts(Examples.otherNames())))).isEqualTo("""
                  - ServiceAccount reports-instance
                  - ServiceAccount reports-jobs
                """);
    }

    private static List<ServiceAccount> accounts(PostgresqlHaSpec spec) {
        return ServiceAccounts.all(Installation.of(spec));
    }
}
