package io.github.postgresqlha.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.schedule.CronSchedule;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.BaseBackupSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.ResourceAmountsSpec;
import io.github.postgresqlha.spec.ResourcesSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Excerpt;
import io.github.postgresqlha.testing.YamlText;
import org.junit.jupiter.api.Test;

class BackupCronJobTest {

    private final CronJob standard = BackupCronJob.of(Installation.of(Examples.standard()));

    @Test
    void it_runs_each_night_for_four_hours_at_most_and_again_where_it_fails() {
        assertThat(YamlText.of(Excerpt.schedule(standard))).isEqualTo("""
                concurrencyPolicy: Forbid
                failedJobsHistoryLimit: 3
                jobTemplate:
                  metadata:
                    labels:
                      app.kubernetes.io/component: backup
                      app.kubernetes.io/instance: postgresql
                      app.kubernetes.io/managed-by: postgresql-ha
                      app.kubernetes.io/name: postgresql
                      app.kubernetes.io/part-of: postgresql-ha
                      app.kubernetes.io/version: "17"
                  spec:
                    activeDeadlineSeconds: 14400
                    backoffLimit: 2
                schedule: 0 2 * * *
                startingDeadlineSeconds: 300
                successfulJobsHistoryLimit: 3
                timeZone: Etc/UTC
                """);
    }

    @Test
    void it_is_called_after_the_installation() {
        assertThat(YamlText.of(
                        BackupCronJob.of(Installation.of(Examples.otherNames())).getMetadata()))
                .isEqualTo("""
                labels:
                  app.kubernetes.io/component: backup
                  app.kubernetes.io/instance: reports
                  app.kubernetes.io/managed-by: postgresql-ha
                  app.kubernetes.io/name: postgresql
                  app.kubernetes.io/part-of: postgresql-ha
                  app.kubernetes.io/version: "17"
                name: reports-backup
                namespace: data
                """);
    }

    @Test
    void its_pod_is_where_the_backups_are() {
        assertThat(YamlText.of(Excerpt.pod(standard))).isEqualTo("""
                affinity:
                  podAffinity:
                    requiredDuringSchedulingIgnoredDuringExecution:
                      - labelSelector:
                          matchLabels:
                            postgresqlha.github.io/backup-volume: postgresql-backup
                        topologyKey: kubernetes.io/hostname
                automountServiceAccountToken: false
                enableServiceLinks: false
                restartPolicy: Never
                securityContext:
                  fsGroup: 999
                  fsGroupChangePolicy: OnRootMismatch
                  runAsGroup: 999
                  runAsNonRoot: true
                  runAsUser: 999
                  seccompProfile:
                    type: RuntimeDefault
                serviceAccountName: postgresql-jobs
                """);
    }

    @Test
    void backups_that_any_node_can_mount_bind_it_to_none() {
        assertThat(Excerpt.pod(BackupCronJob.of(Installation.of(Examples.sharedBackups())))
                        .getAffinity())
                .isNull();
    }

    @Test
    void its_container_dumps() {
        assertThat(YamlText.of(Excerpt.container(standard))).isEqualTo("""
                command:
                  - /scripts/backup.sh
                image: postgres:17
                imagePullPolicy: IfNotPresent
                name: backup
                resources:
                  limits:
                    cpu: 500m
                    ephemeral-storage: 256Mi
                    memory: 512Mi
                  requests:
                    cpu: 100m
                    ephemeral-storage: 64Mi
                    memory: 256Mi
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities:
                    drop:
                      - ALL
                  readOnlyRootFilesystem: true
                """);
    }

    @Test
    void it_has_the_passwords_of_those_who_dump_and_copy() {
        assertThat(YamlText.of(Excerpt.volumes(standard))).isEqualTo("""
                  - name: secret
                    secret:
                      defaultMode: 288
                      items:
                        - key: backup-password
                          path: backup-password
                        - key: replicator-password
                          path: replicator-password
                      secretName: postgresql-secret
                  - emptyDir:
                      sizeLimit: 64Mi
                    name: tmp
                  - emptyDir:
                      medium: Memory
                      sizeLimit: 1Mi
                    name: passfile
                  - name: tls
                    secret:
                      defaultMode: 288
                      items:
                        - key: ca.crt
                          path: ca.crt
                      optional: true
                      secretName: postgresql-tls
                  - name: backup
                    persistentVolumeClaim:
                      claimName: postgresql-backup
                """);
    }

    @Test
    void where_no_base_backup_is_taken_it_has_no_password_to_copy() {
        assertThat(YamlText.of(
                        Excerpt.volumes(BackupCronJob.of(withoutBaseBackups())).get(0)))
                .isEqualTo("""
                name: secret
                secret:
                  defaultMode: 288
                  items:
                    - key: backup-password
                      path: backup-password
                  secretName: postgresql-secret
                """);
    }

    @Test
    void it_connects_to_whichever_member_is_primary() {
        assertThat(YamlText.of(Excerpt.environment(standard))).isEqualTo("""
                BACKUP_DIRECTORY: /var/lib/postgresql/backups
                BACKUP_RETENTION_DAYS: "7"
                BACKUP_RETENTION_MINIMUM: "3"
                BASE_BACKUP_KEEP: "2"
                LANG: C.UTF-8
                PASSFILE_DIRECTORY: /run/passfile
                PATH: /scripts/bin:/usr/lib/postgresql/17/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                PGAPPNAME: postgresql-backup
                PGCONNECT_TIMEOUT: "5"
                PGDATABASE: airflow
                PGHOST: "postgresql-primary-0.postgresql-peers,postgresql-standby-0.postgresql-peers"
                PGPORT: "5432"
                PGREQUIREAUTH: scram-sha-256
                PGSSLMODE: verify-full
                PGSSLROOTCERT: /tls/ca.crt
                PGTARGETSESSIONATTRS: read-write
                PGUSER: backup
                POSTGRES_MAJOR: "17"
                SECRET_DIRECTORY: /run/secrets/postgresql
                TLS_CA_FILE: /tls/ca.crt
                """);
    }

    @Test
    void where_no_base_backup_is_taken_none_is_kept() {
        assertThat(difference(BackupCronJob.of(withoutBaseBackups()))).isEqualTo("""
                BASE_BACKUP_KEEP: none
                """);
    }

    @Test
    void other_databases_are_dumped_as_well() {
        assertThat(difference(BackupCronJob.of(Installation.of(Examples.sharedBackups()))))
                .isEqualTo("""
                BACKUP_DATABASES: "reports,team-x"
                BACKUP_RETENTION_DAYS: "30"
                """);
    }

    @Test
    void what_is_kept_is_said_by_the_specification() {
        assertThat(difference(BackupCronJob.of(installation(BackupScheduleSpec.builder()
                        .retentionDays(31)
                        .retentionMinimum(5)
                        .base(BaseBackupSpec.builder().keep(4).build())))))
                .isEqualTo("""
                BACKUP_RETENTION_DAYS: "31"
                BACKUP_RETENTION_MINIMUM: "5"
                BASE_BACKUP_KEEP: "4"
                """);
    }

    @Test
    void schedule_and_resources_are_those_of_the_specification() {
        CronJob job = BackupCronJob.of(installation(BackupScheduleSpec.builder()
                .schedule(new CronSchedule("30 1 * * *"))
                .resources(ResourcesSpec.of(ResourceAmountsSpec.of("1", "1Gi"), ResourceAmountsSpec.of("2", "2Gi")))));
        assertThat(job.getSpec().getSchedule()).isEqualTo("30 1 * * *");
        assertThat(YamlText.of(Excerpt.container(job).getResources())).isEqualTo("""
                limits:
                  cpu: "2"
                  ephemeral-storage: 256Mi
                  memory: 2Gi
                requests:
                  cpu: "1"
                  ephemeral-storage: 64Mi
                  memory: 1Gi
                """);
    }

    @Test
    void another_job_says_its_own_name_to_the_server() {
        assertThat(YamlText.of(Excerpt.difference(
                        Excerpt.environment(standard),
                        Excerpt.environment(
                                BackupCronJob.environment(Installation.of(Examples.standard()), Component.BASE_BACKUP)
                                        .variables()))))
                .isEqualTo("""
                PGAPPNAME: postgresql-base-backup
                """);
    }

    private static Installation withoutBaseBackups() {
        return installation(BackupScheduleSpec.builder()
                .base(BaseBackupSpec.builder().enabled(false).build()));
    }

    private static Installation installation(BackupScheduleSpec.Builder backups) {
        return Installation.of(
                PostgresqlHaSpec.builder().backup(backups.build()).build());
    }

    private String difference(CronJob job) {
        return YamlText.of(Excerpt.difference(Excerpt.environment(standard), Excerpt.environment(job)));
    }
}
