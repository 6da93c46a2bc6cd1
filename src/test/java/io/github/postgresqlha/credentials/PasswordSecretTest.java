package io.github.postgresqlha.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.YamlText;
import org.junit.jupiter.api.Test;

class PasswordSecretTest {

    @Test
    void the_object_holds_no_values_and_gitops_leaves_those_that_were_filled_in() {
        assertThat(YamlText.of(
                        PasswordSecret.of(Installation.of(Examples.standard())).get(0)))
                .isEqualTo("""
                apiVersion: v1
                kind: Secret
                metadata:
                  annotations:
                    argocd.argoproj.io/sync-options: "Prune=false,Delete=false"
                    kustomize.toolkit.fluxcd.io/force: disabled
                    kustomize.toolkit.fluxcd.io/prune: disabled
                    kustomize.toolkit.fluxcd.io/ssa: Merge
                  labels:
                    app.kubernetes.io/component: credentials
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/managed-by: postgresql-ha
                    app.kubernetes.io/name: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                    app.kubernetes.io/version: "17"
                  name: postgresql-secret
                  namespace: airflow
                type: Opaque
                """);
    }

    @Test
    void somebody_else_s_secret_is_no_object_of_the_product() {
        assertThat(PasswordSecret.of(Installation.of(Examples.otherNames()))).isEmpty();
    }

    @Test
    void there_is_a_key_for_each_role() {
        assertThat(keys(Examples.standard())).isEqualTo("""
                  - postgres-password
                  - airflow-password
                  - replicator-password
                  - rewinder-password
                  - monitor-password
                  - backup-password
                """);
    }

    @Test
    void with_automatic_failover_patroni_has_a_password_too() {
        assertThat(keys(Examples.automatic())).isEqualTo("""
                  - postgres-password
                  - airflow-password
                  - replicator-password
                  - rewinder-password
                  - monitor-password
                  - backup-password
                  - patroni-password
                """);
    }

    @Test
    void somebody_else_s_secret_needs_the_keys_of_its_own_roles() {
        assertThat(keys(Examples.otherNames())).isEqualTo("""
                  - postgres-password
                  - scheduler-password
                  - replicator-password
                  - rewinder-password
                  - monitor-password
                  - backup-password
                """);
    }

    @Test
    void declared_roles_that_log_in_have_a_key_unless_it_is_elsewhere() {
        assertThat(keys(ConfigurationFile.parse("""
                        roles: [{name: reporting}, {name: loader}, {name: lab, login: false}]
                        credentials: {keys: [{role: loader, secret: loads}, {role: monitor, key: checks}]}
                        """))).isEqualTo("""
                  - postgres-password
                  - airflow-password
                  - replicator-password
                  - rewinder-password
                  - checks
                  - backup-password
                  - reporting-password
                """);
    }

    private static String keys(PostgresqlHaSpec spec) {
        return YamlText.of(PasswordSecret.keys(Installation.of(spec)));
    }
}
