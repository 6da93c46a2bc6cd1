package io.github.postgresqlha.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.RestoreTestSpec;
import io.github.postgresqlha.spec.WalArchiveSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Excerpt;
import io.github.postgresqlha.testing.YamlText;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RestoreTestCronJobTest {

    private final CronJob standard = RestoreTestCronJob.of(Installation.of(Examples.standard()));

    @Test
    void it_runs_each_sunday_once_for_half_a_day_at_most() {
        assertThat(YamlText.of(Excerpt.schedule(standard))).isEqualTo("""
                concurrencyPolicy: Forbid
                failedJobsHistoryLimit: 3
                jobTemplate:
                  metadata:
                    labels:
                      app.kubernetes.io/component: restore-test
                      app.kubernetes.io/instance: postgresql
                      app.kubernetes.io/managed-by: postgresql-ha
                      app.kubernetes.io/name: postgresql
                      app.kubernetes.io/part-of: postgresql-ha
                      app.kubernetes.io/version: "17"
                  spec:
                    activeDeadlineSeconds: 43200
                    backoffLimit: 0
                schedule: 0 5 * * 0
                startingDeadlineSeconds: 300
                successfulJobsHistoryLimit: 3
                timeZone: Etc/UTC
                """);
    }

    @Test
    void it_has_a_name_of_its_own() {
        assertThat(standard.getMetadata().getName()).isEqualTo("postgresql-restore-test");
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
    void it_has_no_password_and_disks_of_its_own() {
        assertThat(YamlText.of(Excerpt.volumes(standard))).isEqualTo("""
                  - emptyDir:
                      sizeLimit: 256Mi
                    name: tmp
                  - name: backup
                    persistentVolumeClaim:
                      claimName: postgresql-backup
                  - emptyDir:
                      sizeLimit: 10Gi
                    name: scratch
                  - emptyDir:
                      sizeLimit: 32Mi
                    name: result
                """);
    }

    @Test
    void what_restores_asks_for_the_disk_that_it_fills() {
        assertThat(YamlText.of(proving(standard).getResources())).isEqualTo("""
                limits:
                  cpu: "2"
                  ephemeral-storage: 10752Mi
                  memory: 3Gi
                requests:
                  cpu: 250m
                  ephemeral-storage: 10Gi
                  memory: 512Mi
                """);
    }

    @Test
    void what_restores_can_write_scratch_and_its_result_alone() {
        assertThat(YamlText.of(proving(standard).getVolumeMounts())).isEqualTo("""
                  - mountPath: /scripts
                    name: scripts
                    readOnly: true
                  - mountPath: /tmp
                    name: tmp
                  - mountPath: /var/lib/postgresql/scratch
                    name: scratch
                  - mountPath: /var/lib/postgresql/result
                    name: result
                  - mountPath: /var/lib/postgresql/backups
                    name: backup
                    readOnly: true
                """);
    }

    @Test
    void what_restores_knows_what_it_restores_and_where() {
        assertThat(YamlText.of(environment(standard))).isEqualTo("""
                BACKUP_DIRECTORY: /var/lib/postgresql/backups
                BASE_BACKUPS: "yes"
                DATABASE_NAME: airflow
                DATABASE_OWNER: airflow
                LANG: C.UTF-8
                PATH: /scripts/bin:/usr/lib/postgresql/17/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                POSTGRES_MAJOR: "17"
                RESTORE_CHECKS: ""
                RESULT_DIRECTORY: /var/lib/postgresql/result
                SCRATCH_BYTES: "10737418240"
                SCRATCH_DIRECTORY: /var/lib/postgresql/scratch
                """);
    }

    @Test
    void what_records_can_write_the_proof_and_only_read_the_result() {
        assertThat(YamlText.of(recording().getVolumeMounts())).isEqualTo("""
                  - mountPath: /scripts
                    name: scripts
                    readOnly: true
                  - mountPath: /tmp
                    name: tmp
                  - mountPath: /var/lib/postgresql/proof
                    name: backup
                  - mountPath: /var/lib/postgresql/result
                    name: result
                    readOnly: true
                """);
    }

    @Test
    void what_records_knows_how_long_a_run_may_take() {
        assertThat(YamlText.of(Excerpt.environment(standard))).isEqualTo("""
                DEADLINE_SECONDS: "43200"
                LANG: C.UTF-8
                PATH: /scripts/bin:/usr/lib/postgresql/17/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                PROOF_DIRECTORY: /var/lib/postgresql/proof/proof
                RESULT_DIRECTORY: /var/lib/postgresql/result
                """);
    }

    @Test
    void a_larger_scratch_disk_is_asked_for_and_bounded() {
        CronJob job = job(BackupScheduleSpec.builder()
                .restoreTest(RestoreTestSpec.builder()
                        .scratchSize(new Quantity("20Gi"))
                        .build()));
        assertThat(YamlText.of(proving(job).getResources())).isEqualTo("""
                limits:
                  cpu: "2"
                  ephemeral-storage: 20992Mi
                  memory: 3Gi
                requests:
                  cpu: 250m
                  ephemeral-storage: 20Gi
                  memory: 512Mi
                """);
        assertThat(difference(job)).isEqualTo("""
                SCRATCH_BYTES: "21474836480"
                """);
        assertThat(YamlText.of(Excerpt.volumes(job).get(2))).isEqualTo("""
                emptyDir:
                  sizeLimit: 20Gi
                name: scratch
                """);
    }

    @Test
    void the_checks_of_the_specification_are_a_line_each() {
        assertThat(difference(job(BackupScheduleSpec.builder()
                        .restoreTest(RestoreTestSpec.builder()
                                .addCheck("SELECT count(*) > 0 FROM dag")
                                .addCheck("SELECT true")
                                .build()))))
                .isEqualTo("""
                RESTORE_CHECKS: |-
                  SELECT count(*) > 0 FROM dag
                  SELECT true
                """);
    }

    @Test
    void without_an_archive_no_base_backup_is_tried() {
        assertThat(difference(job(BackupScheduleSpec.builder()
                        .walArchive(WalArchiveSpec.builder().enabled(false).build()))))
                .isEqualTo("""
                BASE_BACKUPS: "no"
                """);
    }

    private static CronJob job(BackupScheduleSpec.Builder backups) {
        return RestoreTestCronJob.of(Installation.of(
                PostgresqlHaSpec.builder().backup(backups.build()).build()));
    }

    private String difference(CronJob job) {
        return YamlText.of(Excerpt.difference(environment(standard), environment(job)));
    }

    private static Map<String, Object> environment(CronJob job) {
        return Excerpt.environment(proving(job).getEnv());
    }

    private static Container proving(CronJob job) {
        return job.getSpec()
                .getJobTemplate()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getInitContainers()
                .get(1);
    }

    private Container recording() {
        return standard.getSpec()
                .getJobTemplate()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0);
    }
}
