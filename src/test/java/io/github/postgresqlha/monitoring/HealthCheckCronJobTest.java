package io.github.postgresqlha.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.schedule.CronSchedule;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.BaseBackupSpec;
import io.github.postgresqlha.spec.HealthMonitorSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.ResourceAmountsSpec;
import io.github.postgresqlha.spec.ResourcesSpec;
import io.github.postgresqlha.spec.RestoreTestSpec;
import io.github.postgresqlha.spec.WalArchiveSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Excerpt;
import io.github.postgresqlha.testing.YamlText;
import org.junit.jupiter.api.Test;

class HealthCheckCronJobTest {

    private final CronJob standard = HealthCheckCronJob.of(Installation.of(Examples.standard()));

    @Test
    void it_runs_every_five_minutes_for_two_at_most() {
        assertThat(YamlText.of(Excerpt.schedule(standard))).isEqualTo("""
                concurrencyPolicy: Forbid
                failedJobsHistoryLimit: 3
                jobTemplate:
                  metadata:
                    labels:
                      app.kubernetes.io/component: health-check
                      app.kubernetes.io/instance: postgresql
                      app.kubernetes.io/managed-by: postgresql-ha
                      app.kubernetes.io/name: postgresql
                      app.kubernetes.io/part-of: postgresql-ha
                      app.kubernetes.io/version: "17"
                  spec:
                    activeDeadlineSeconds: 120
                    backoffLimit: 0
                schedule: '*/5 * * * *'
                startingDeadlineSeconds: 300
                successfulJobsHistoryLimit: 3
                timeZone: Etc/UTC
                """);
    }

    @Test
    void it_is_called_after_the_installation() {
        assertThat(YamlText.of(HealthCheckCronJob.of(Installation.of(Examples.otherNames()))
                        .getMetadata()))
                .isEqualTo("""
                labels:
                  app.kubernetes.io/component: health-check
                  app.kubernetes.io/instance: reports
                  app.kubernetes.io/managed-by: postgresql-ha
                  app.kubernetes.io/name: postgresql
                  app.kubernetes.io/part-of: postgresql-ha
                  app.kubernetes.io/version: "17"
                name: reports-health-check
                namespace: data
                """);
    }

    @Test
    void its_pod_runs_on_any_node() {
        assertThat(YamlText.of(Excerpt.pod(standard))).isEqualTo("""
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
    void its_container_is_small() {
        assertThat(YamlText.of(Excerpt.container(standard))).isEqualTo("""
                command:
                  - /scripts/health-check.sh
                image: postgres:17
                imagePullPolicy: IfNotPresent
                name: health-check
                resources:
                  limits:
                    cpu: 250m
                    ephemeral-storage: 256Mi
                    memory: 128Mi
                  requests:
                    cpu: 50m
                    ephemeral-storage: 64Mi
                    memory: 64Mi
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities:
                    drop:
                      - ALL
                  readOnlyRootFilesystem: true
                """);
    }

    @Test
    void it_has_the_monitor_s_password_and_no_other() {
        assertThat(YamlText.of(Excerpt.volumes(standard))).isEqualTo("""
                  - name: secret
                    secret:
                      defaultMode: 288
                      items:
                        - key: monitor-password
                          path: monitor-password
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
                """);
    }

    @Test
    void it_asks_all_members_and_knows_what_is_healthy() {
        assertThat(YamlText.of(Excerpt.environment(standard))).isEqualTo("""
                BACKUP_MAX_AGE_HOURS: "26"
                BASE_BACKUP_MAX_AGE_HOURS: "336"
                BLOAT_MAX_PERCENT: "50"
                CACHE_HIT_MIN_BLOCKS: "1000000"
                CACHE_HIT_MIN_PERCENT: "90"
                CERTIFICATE_MIN_DAYS: "30"
                CONNECTIONS_MAX_PERCENT: "80"
                CPU_MAX_PERCENT: "80"
                DEAD_ROWS_MAX_PERCENT: "20"
                DISK_FORECAST_MIN_HOURS: "24"
                DISK_MAX_PERCENT: "85"
                FAIL_ON: critical
                IDLE_IN_TRANSACTION_MAX_MINUTES: "10"
                IDLE_SESSIONS_MAX_PERCENT: "40"
                IDLE_SESSION_MINUTES: "10"
                LANG: C.UTF-8
                LOCK_WAIT_MAX_SECONDS: "60"
                MAINTENANCE_MAX_MINUTES: "60"
                MEMBER_HOSTS: "postgresql-primary-0.postgresql-peers,postgresql-standby-0.postgresql-peers"
                MEMORY_MAX_PERCENT: "90"
                MINIMUM_MINOR: "10"
                PASSFILE_DIRECTORY: /run/passfile
                PATH: /scripts/bin:/usr/lib/postgresql/17/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                PGAPPNAME: postgresql-health-check
                PGPORT: "5432"
                PGREQUIREAUTH: scram-sha-256
                PGSSLMODE: verify-full
                PGSSLROOTCERT: /tls/ca.crt
                PGUSER: monitor
                POSTGRES_MAJOR: "17"
                RECOVERY_CONFLICTS_MAX_PER_HOUR: "10"
                REPLICATION_LAG_MAX_BYTES: "16777216"
                REPLICATION_LAG_MAX_SECONDS: "1"
                RESTORE_TEST_MAX_AGE_DAYS: "15"
                SECRET_DIRECTORY: /run/secrets/postgresql
                TLS_CA_FILE: /tls/ca.crt
                TRANSACTION_ID_MAX_AGE: "500000000"
                TRANSACTION_MAX_MINUTES: "60"
                WAL_ARCHIVER_SLOT: wal_archiver
                """);
    }

    @Test
    void a_single_instance_is_asked_alone() {
        assertThat(difference(Examples.single())).isEqualTo("""
                MEMBER_HOSTS: postgresql-primary-0.postgresql-peers
                """);
    }

    @Test
    void limits_are_those_of_the_specification() {
        assertThat(difference(PostgresqlHaSpec.builder()
                        .healthMonitor(HealthMonitorSpec.builder()
                                .replicationLagMaxBytes(1)
                                .replicationLagMaxSeconds(2)
                                .connectionsMaxPercent(3)
                                .diskMaxPercent(4)
                                .backupMaxAgeHours(50)
                                .build())
                        .build()))
                .isEqualTo("""
                BACKUP_MAX_AGE_HOURS: "50"
                CONNECTIONS_MAX_PERCENT: "3"
                DISK_MAX_PERCENT: "4"
                REPLICATION_LAG_MAX_BYTES: "1"
                REPLICATION_LAG_MAX_SECONDS: "2"
                """);
    }

    @Test
    void schedule_and_resources_are_those_of_the_specification() {
        CronJob job = HealthCheckCronJob.of(Installation.of(PostgresqlHaSpec.builder()
                .healthMonitor(HealthMonitorSpec.builder()
                        .schedule(new CronSchedule("* * * * *"))
                        .resources(ResourcesSpec.of(
                                ResourceAmountsSpec.of("1", "1Gi"), ResourceAmountsSpec.of("2", "2Gi")))
                        .build())
                .build()));
        assertThat(job.getSpec().getSchedule()).isEqualTo("* * * * *");
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
    void a_dump_may_be_as_old_as_its_schedule_lets_it_become() {
        assertThat(difference(backups(BackupScheduleSpec.builder()
                        .schedule(new CronSchedule("0 2 * * 0"))
                        .retentionDays(14))))
                .isEqualTo("""
                BACKUP_MAX_AGE_HOURS: "170"
                """);
    }

    @Test
    void begun_hours_count() {
        assertThat(difference(backups(BackupScheduleSpec.builder()
                        .base(BaseBackupSpec.builder()
                                .schedule(new CronSchedule("*/20 * * * *"))
                                .build()))))
                .isEqualTo("""
                BASE_BACKUP_MAX_AGE_HOURS: "1"
                """);
    }

    @Test
    void a_base_backup_may_be_two_intervals_old() {
        assertThat(difference(backups(BackupScheduleSpec.builder()
                        .base(BaseBackupSpec.builder()
                                .schedule(new CronSchedule("0 3 * * *"))
                                .build()))))
                .isEqualTo("""
                BASE_BACKUP_MAX_AGE_HOURS: "48"
                """);
    }

    @Test
    void without_an_archive_nobody_asks_for_its_slot_and_for_base_backups() {
        assertThat(difference(backups(BackupScheduleSpec.builder()
                        .walArchive(WalArchiveSpec.builder().enabled(false).build()))))
                .isEqualTo("""
                BASE_BACKUP_MAX_AGE_HOURS: none
                WAL_ARCHIVER_SLOT: none
                """);
    }

    @Test
    void without_a_restore_test_nobody_asks_for_a_proof() {
        assertThat(difference(backups(BackupScheduleSpec.builder()
                        .restoreTest(RestoreTestSpec.builder().enabled(false).build()))))
                .isEqualTo("""
                RESTORE_TEST_MAX_AGE_DAYS: none
                """);
    }

    @Test
    void a_copy_outside_may_miss_three_runs_and_an_hour() {
        assertThat(difference(Examples.offsite())).isEqualTo("""
                OFFSITE_MAX_AGE_MINUTES: "90"
                """);
    }

    private static PostgresqlHaSpec backups(BackupScheduleSpec.Builder backups) {
        return PostgresqlHaSpec.builder().backup(backups.build()).build();
    }

    private String difference(PostgresqlHaSpec spec) {
        return YamlText.of(Excerpt.difference(
                Excerpt.environment(standard), Excerpt.environment(HealthCheckCronJob.of(Installation.of(spec)))));
    }
}
