package io.github.postgresqlha.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
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

class BaseBackupCronJobTest {

    private final CronJob standard = BaseBackupCronJob.of(Installation.of(Examples.standard()));

    @Test
    void it_runs_each_sunday_for_half_a_day_at_most_and_again_where_it_fails() {
        assertThat(YamlText.of(Excerpt.schedule(standard))).isEqualTo("""
                concurrencyPolicy: Forbid
                failedJobsHistoryLimit: 3
                jobTemplate:
                  metadata:
                    labels:
                      app.kubernetes.io/component: base-backup
                      app.kubernetes.io/instance: postgresql
                      app.kubernetes.io/managed-by: postgresql-ha
                      app.kubernetes.io/name: postgresql
                      app.kubernetes.io/part-of: postgresql-ha
                      app.kubernetes.io/version: "17"
                  spec:
                    activeDeadlineSeconds: 43200
                    backoffLimit: 2
                schedule: 0 3 * * 0
                startingDeadlineSeconds: 300
                successfulJobsHistoryLimit: 3
                timeZone: Etc/UTC
                """);
    }

    @Test
    void it_has_a_name_of_its_own() {
        assertThat(standard.getMetadata().getName()).isEqualTo("postgresql-base-backup");
    }

    @Test
    void its_container_copies_the_server() {
        assertThat(YamlText.of(Excerpt.container(standard))).isEqualTo("""
                command:
                  - /scripts/base-backup.sh
                image: postgres:17
                imagePullPolicy: IfNotPresent
                name: base-backup
                resources:
                  limits:
                    cpu: 500m
                    ephemeral-storage: 256Mi
                    memory: 512Mi
                  requests:
                    cpu: 50m
                    ephemeral-storage: 64Mi
                    memory: 128Mi
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities:
                    drop:
                      - ALL
                  readOnlyRootFilesystem: true
                """);
    }

    @Test
    void it_has_the_passwords_of_backup_and_replicator_and_mounts_the_backups() {
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
    void it_connects_to_whichever_member_is_primary() {
        assertThat(YamlText.of(Excerpt.environment(standard))).isEqualTo("""
                BACKUP_DIRECTORY: /var/lib/postgresql/backups
                BACKUP_RETENTION_DAYS: "7"
                BACKUP_RETENTION_MINIMUM: "3"
                BASE_BACKUP_KEEP: "2"
                LANG: C.UTF-8
                PASSFILE_DIRECTORY: /run/passfile
                PATH: /scripts/bin:/usr/lib/postgresql/17/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                PGAPPNAME: postgresql-base-backup
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
    void schedule_and_resources_are_its_own() {
        CronJob job = BaseBackupCronJob.of(Installation.of(PostgresqlHaSpec.builder()
                .backup(BackupScheduleSpec.builder()
                        .base(BaseBackupSpec.builder()
                                .schedule(new CronSchedule("0 4 * * 6"))
                                .resources(ResourcesSpec.of(
                                        ResourceAmountsSpec.of("1", "1Gi"), ResourceAmountsSpec.of("2", "2Gi")))
                                .build())
                        .build())
                .build()));
        assertThat(job.getSpec().getSchedule()).isEqualTo("0 4 * * 6");
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
}
