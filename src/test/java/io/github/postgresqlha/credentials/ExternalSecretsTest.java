package io.github.postgresqlha.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExternalSecretsTest {

    @Test
    void a_store_fills_one_secret_a_key_a_role() {
        List<HasMetadata> objects = objects("""
                credentials:
                  externalSecret:
                    secretStoreRef: {name: vault, kind: ClusterSecretStore}
                    remoteKey: airflow/postgresql
                    remoteKeys: [{role: backup, key: backups/password}, {role: monitor, key: checks, property: secret}]
                """);
        assertThat(objects).hasSize(1);
        assertThat(YamlText.of(objects.get(0))).isEqualTo("""
                apiVersion: external-secrets.io/v1
                kind: ExternalSecret
                metadata:
                  labels:
                    app.kubernetes.io/component: credentials
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/managed-by: postgresql-ha
                    app.kubernetes.io/name: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                    app.kubernetes.io/version: "17"
                  name: postgresql-secret
                  namespace: airflow
                spec:
                  data:
                    - remoteRef:
                        key: airflow/postgresql
                        property: postgres-password
                      secretKey: postgres-password
                    - remoteRef:
                        key: airflow/postgresql
                        property: airflow-password
                      secretKey: airflow-password
                    - remoteRef:
                        key: airflow/postgresql
                        property: replicator-password
                      secretKey: replicator-password
                    - remoteRef:
                        key: airflow/postgresql
                        property: rewinder-password
                      secretKey: rewinder-password
                    - remoteRef:
                        key: checks
                        property: secret
                      secretKey: monitor-password
                    - remoteRef:
                        key: backups/password
                      secretKey: backup-password
                  refreshInterval: 1m
                  secretStoreRef:
                    kind: ClusterSecretStore
                    name: vault
                  target:
                    creationPolicy: Orphan
                    deletionPolicy: Retain
                    name: postgresql-secret
                """);
    }

    @Test
    void the_generator_makes_a_secret_a_role_once() {
        List<HasMetadata> objects = objects("""
                roles: [{name: report_reader, databases: {airflow: readOnly}}]
                credentials: {externalSecret: {passwordGenerator: {length: 40}}}
                """);
        assertThat(objects)
                .extracting(
                        object -> object.getKind() + " " + object.getMetadata().getName())
                .containsExactly(
                        "Password postgresql-password",
                        "ExternalSecret postgresql-postgres-password",
                        "ExternalSecret postgresql-airflow-password",
                        "ExternalSecret postgresql-replicator-password",
                        "ExternalSecret postgresql-rewinder-password",
                        "ExternalSecret postgresql-monitor-password",
                        "ExternalSecret postgresql-backup-password",
                        "ExternalSecret postgresql-report-reader-password");
        assertThat(YamlText.of(objects.get(0))).contains("length: 40");
        assertThat(YamlText.of(objects.get(7)))
                .contains("refreshPolicy: CreatedOnce", "target: report_reader-password", "kind: Password");
    }

    private static List<HasMetadata> objects(String yaml) {
        return PasswordSecret.of(Installation.of(ConfigurationFile.parse(yaml)));
    }
}
