package io.github.postgresqlha.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.postgresql.DatabaseRole;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import org.junit.jupiter.api.Test;

class PasswordFilesTest {

    private static final String FOLDER = "/run/secrets/postgresql";

    @Test
    void of_the_product_s_own_secret_a_member_has_all() {
        assertThat(YamlText.of(ofMember("name: postgresql").volumes())).isEqualTo("""
                  - name: secret
                    secret:
                      defaultMode: 288
                      secretName: postgresql-secret
                """);
    }

    @Test
    void of_other_people_s_secrets_a_pod_has_the_keys_that_it_needs() {
        String yaml = """
                credentials:
                  existingSecret: company
                  keys: [{role: airflow, secret: airflow-database, key: password}, {role: monitor, key: checks}]
                """;
        String volumes = YamlText.of(ofMember(yaml).volumes());
        assertThat(volumes).isEqualTo("""
                  - name: secret
                    projected:
                      defaultMode: 288
                      sources:
                        - secret:
                            items:
                              - key: password
                                path: airflow-password
                            name: airflow-database
                            optional: true
                        - secret:
                            items:
                              - key: postgres-password
                                path: postgres-password
                              - key: replicator-password
                                path: replicator-password
                              - key: rewinder-password
                                path: rewinder-password
                              - key: checks
                                path: monitor-password
                              - key: backup-password
                                path: backup-password
                            name: company
                            optional: true
                """);
        assertThat(YamlText.of(PasswordFiles.ofJob(installation(yaml), List.of(DatabaseRole.MONITOR))
                        .volumes()))
                .isEqualTo("""
                  - name: secret
                    secret:
                      defaultMode: 288
                      items:
                        - key: checks
                          path: monitor-password
                      secretName: company
                """);
    }

    @Test
    void vault_s_agent_writes_the_files_and_there_is_no_secret() {
        Installation installation = installation("""
                credentials:
                  vaultAgent: {role: database, path: secret/data/airflow/postgresql, annotations: {vault.hashicorp.com/service: "https://vault.example:8200"}}
                """);
        PasswordFiles job = PasswordFiles.ofJob(installation, List.of(DatabaseRole.BACKUP));
        assertThat(PasswordSecret.of(installation)).isEmpty();
        assertThat(job.mounts(FOLDER)).isEmpty();
        assertThat(YamlText.of(job.annotations(FOLDER, true))).isEqualTo("""
                vault.hashicorp.com/agent-inject: "true"
                vault.hashicorp.com/agent-inject-file-backup-password: backup-password
                vault.hashicorp.com/agent-inject-perms-backup-password: "0400"
                vault.hashicorp.com/agent-inject-secret-backup-password: secret/data/airflow/postgresql
                vault.hashicorp.com/agent-inject-template-backup-password: "{{- with secret \\"secret/data/airflow/postgresql\\" -}}{{ index .Data.data \\"backup-password\\" }}{{- end -}}"
                vault.hashicorp.com/agent-pre-populate-only: "true"
                vault.hashicorp.com/agent-run-as-group: "999"
                vault.hashicorp.com/agent-run-as-user: "999"
                vault.hashicorp.com/agent-service-account-token-volume-name: vault-token
                vault.hashicorp.com/auth-path: auth/kubernetes
                vault.hashicorp.com/role: database
                vault.hashicorp.com/secret-volume-path: /run/secrets/postgresql
                vault.hashicorp.com/service: https://vault.example:8200
                """);
        assertThat(PasswordFiles.ofMember(installation).annotations(FOLDER, false))
                .containsEntry("vault.hashicorp.com/agent-pre-populate-only", "false")
                .containsEntry("vault.hashicorp.com/agent-inject-perms-postgres-password", "0400")
                .containsEntry("vault.hashicorp.com/agent-inject-perms-monitor-password", "0440");
    }

    private static PasswordFiles ofMember(String yaml) {
        return PasswordFiles.ofMember(installation(yaml));
    }

    private static Installation installation(String yaml) {
        return Installation.of(ConfigurationFile.parse(yaml));
    }
}
