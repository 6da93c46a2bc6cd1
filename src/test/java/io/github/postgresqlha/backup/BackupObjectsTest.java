package io.github.postgresqlha.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.BaseBackupSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.RestoreTestSpec;
import io.github.postgresqlha.spec.WalArchiveSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Excerpt;
import io.github.postgresqlha.testing.YamlText;
import org.junit.jupiter.api.Test;

class BackupObjectsTest {

    @Test
    void there_are_a_claim_three_jobs_and_the_archiver() {
        assertThat(names(Examples.standard())).isEqualTo("""
                  - PersistentVolumeClaim postgresql-backup
                  - CronJob postgresql-backup
                  - Deployment postgresql-wal-archiver
                  - CronJob postgresql-base-backup
                  - CronJob postgresql-restore-test
                """);
    }

    @Test
    void the_claim_is_kept_when_it_vanishes_from_the_manifests() {
        assertThat(YamlText.of(
                        BackupObjects.of(Installation.of(Examples.standard())).get(0)))
                .isEqualTo("""
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata:
                  annotations:
                    argocd.argoproj.io/sync-options: "Prune=false,Delete=false"
                    kustomize.toolkit.fluxcd.io/force: disabled
                    kustomize.toolkit.fluxcd.io/prune: disabled
                  labels:
                    app.kubernetes.io/component: backup
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/managed-by: postgresql-ha
                    app.kubernetes.io/name: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                    app.kubernetes.io/version: "17"
                  name: postgresql-backup
                  namespace: airflow
                spec:
                  accessModes:
                    - ReadWriteOnce
                  resources:
                    requests:
                      storage: 50Gi
                """);
    }

    @Test
    void the_claim_has_size_class_and_mode_of_the_specification() {
        assertThat(YamlText.of(BackupObjects.of(Installation.of(Examples.sharedBackups()))
                        .get(0)))
                .isEqualTo("""
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata:
                  annotations:
                    argocd.argoproj.io/sync-options: "Prune=false,Delete=false"
                    kustomize.toolkit.fluxcd.io/force: disabled
                    kustomize.toolkit.fluxcd.io/prune: disabled
                  labels:
                    app.kubernetes.io/component: backup
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/managed-by: postgresql-ha
                    app.kubernetes.io/name: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                    app.kubernetes.io/version: "17"
                  name: postgresql-backup
                  namespace: airflow
                spec:
                  accessModes:
                    - ReadWriteMany
                  resources:
                    requests:
                      storage: 200Gi
                  storageClassName: nfs
                """);
    }

    @Test
    void without_an_archive_no_base_backup_is_taken_either() {
        assertThat(names(spec(BackupScheduleSpec.builder()
                        .walArchive(WalArchiveSpec.builder().enabled(false).build()))))
                .isEqualTo("""
                  - PersistentVolumeClaim postgresql-backup
                  - CronJob postgresql-backup
                  - CronJob postgresql-restore-test
                """);
    }

    @Test
    void the_archive_may_be_there_without_base_backups() {
        assertThat(names(spec(BackupScheduleSpec.builder()
                        .base(BaseBackupSpec.builder().enabled(false).build()))))
                .isEqualTo("""
                  - PersistentVolumeClaim postgresql-backup
                  - CronJob postgresql-backup
                  - Deployment postgresql-wal-archiver
                  - CronJob postgresql-restore-test
                """);
    }

    @Test
    void the_restore_test_may_be_left_out() {
        assertThat(names(spec(BackupScheduleSpec.builder()
                        .restoreTest(RestoreTestSpec.builder().enabled(false).build()))))
                .isEqualTo("""
                  - PersistentVolumeClaim postgresql-backup
                  - CronJob postgresql-backup
                  - Deployment postgresql-wal-archiver
                  - CronJob postgresql-base-backup
                """);
    }

    @Test
    void with_a_copy_outside_its_objects_come_last() {
        assertThat(names(Examples.offsite())).isEqualTo("""
                  - PersistentVolumeClaim postgresql-backup
                  - CronJob postgresql-backup
                  - Deployment postgresql-wal-archiver
                  - CronJob postgresql-base-backup
                  - CronJob postgresql-restore-test
                  - CronJob postgresql-offsite
                  - CronJob postgresql-offsite-fetch
                  - NetworkPolicy postgresql-offsite
                """);
    }

    private static PostgresqlHaSpec spec(BackupScheduleSpec.Builder backups) {
        return PostgresqlHaSpec.builder().backup(backups.build()).build();
    }

    private static String names(PostgresqlHaSpec spec) {
        return YamlText.of(Excerpt.names(BackupObjects.of(Installation.of(spec))));
    }
}
