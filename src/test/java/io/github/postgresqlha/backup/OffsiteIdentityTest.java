package io.github.postgresqlha.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.OffsiteSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.YamlText;
import org.junit.jupiter.api.Test;

class OffsiteIdentityTest {

    private final OffsiteIdentity aws = identity(Examples.identity());
    private final OffsiteIdentity secret = identity(Examples.offsite());

    /** Any job: what becomes of it is the question. */
    private final CronJob job = BackupCronJob.of(Installation.of(Examples.standard()));

    @Test
    void the_account_is_the_copy_s_own_and_has_no_token() {
        assertThat(YamlText.of(aws.accounts())).isEqualTo("""
                  - apiVersion: v1
                    automountServiceAccountToken: false
                    kind: ServiceAccount
                    metadata:
                      annotations:
                        eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/backups
                      labels:
                        app.kubernetes.io/component: access
                        app.kubernetes.io/instance: postgresql
                        app.kubernetes.io/managed-by: postgresql-ha
                        app.kubernetes.io/name: postgresql
                        app.kubernetes.io/part-of: postgresql-ha
                        app.kubernetes.io/version: "17"
                      name: postgresql-offsite
                      namespace: airflow
                """);
    }

    @Test
    void keys_of_the_remote_alone_are_an_identity_too() {
        assertThat(YamlText.of(of(OffsiteSpec.builder().putRclone("type", "s3").putRclone("env_auth", "true"))
                        .accounts()))
                .isEqualTo("""
                  - apiVersion: v1
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
                      name: postgresql-offsite
                      namespace: airflow
                """);
    }

    @Test
    void annotations_alone_are_an_identity_too() {
        assertThat(of(OffsiteSpec.builder()
                                .secret("postgresql-rclone")
                                .putServiceAccountAnnotation("example.org/role", "backups"))
                        .accounts())
                .hasSize(1);
    }

    @Test
    void with_a_secret_the_copy_has_the_account_of_all_jobs() {
        assertThat(secret.accounts()).isEmpty();
        assertThat(secret.variables()).isEmpty();
        assertThat(secret.egress()).isEmpty();
        assertThat(secret.give(job)).isSameAs(job);
    }

    @Test
    void a_job_gets_the_account_and_its_pod_the_labels() {
        PodTemplateSpec pod = pod(aws.give(job));
        assertThat(pod.getSpec().getServiceAccountName()).isEqualTo("postgresql-offsite");
        assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
        assertThat(YamlText.of(pod.getMetadata())).isEqualTo("""
                labels:
                  app.kubernetes.io/component: backup
                  app.kubernetes.io/instance: postgresql
                  app.kubernetes.io/managed-by: postgresql-ha
                  app.kubernetes.io/name: postgresql
                  app.kubernetes.io/part-of: postgresql-ha
                  app.kubernetes.io/version: "17"
                  azure.workload.identity/use: "true"
                  postgresqlha.github.io/backup-volume: postgresql-backup
                """);
        assertThat(pod.getSpec().getContainers()).isEqualTo(pod(job).getSpec().getContainers());
    }

    @Test
    void labels_alone_leave_the_account_as_it_is() {
        PodTemplateSpec pod =
                pod(of(OffsiteSpec.builder().secret("postgresql-rclone").putPodLabel("example.org/proxy", "true"))
                        .give(job));
        assertThat(pod.getSpec().getServiceAccountName()).isEqualTo("postgresql-jobs");
        assertThat(pod.getMetadata().getLabels()).containsEntry("example.org/proxy", "true");
    }

    @Test
    void an_account_alone_leaves_the_labels_as_they_are() {
        PodTemplateSpec pod =
                pod(of(OffsiteSpec.builder().putRclone("type", "s3").putRclone("env_auth", "true"))
                        .give(job));
        assertThat(pod.getSpec().getServiceAccountName()).isEqualTo("postgresql-offsite");
        assertThat(pod.getMetadata()).isEqualTo(pod(job).getMetadata());
    }

    @Test
    void rclone_reads_the_remote_from_variables_in_its_own_names() {
        assertThat(YamlText.of(aws.variables())).isEqualTo("""
                RCLONE_CONFIG_OFFSITE_ENV_AUTH: "true"
                RCLONE_CONFIG_OFFSITE_PROVIDER: AWS
                RCLONE_CONFIG_OFFSITE_REGION: eu-central-1
                RCLONE_CONFIG_OFFSITE_TYPE: s3
                """);
    }

    @Test
    void the_policy_lets_it_ask_for_its_identity() {
        assertThat(YamlText.of(aws.egress())).isEqualTo("""
                  - ports:
                      - port: 80
                        protocol: TCP
                    to:
                      - ipBlock:
                          cidr: 169.254.170.23/32
                """);
    }

    private static PodTemplateSpec pod(CronJob job) {
        return job.getSpec().getJobTemplate().getSpec().getTemplate();
    }

    private static OffsiteIdentity of(OffsiteSpec.Builder spec) {
        return new OffsiteIdentity(
                Installation.of(Examples.standard()),
                spec.remote("offsite:backups/postgresql").encrypted(false).build());
    }

    private static OffsiteIdentity identity(PostgresqlHaSpec spec) {
        return new OffsiteIdentity(
                Installation.of(spec), spec.backup().offsite().orElseThrow());
    }
}
