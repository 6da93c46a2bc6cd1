package io.github.postgresqlha.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.schedule.CronSchedule;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.OffsiteSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.ResourceAmountsSpec;
import io.github.postgresqlha.spec.ResourcesSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Excerpt;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OffsiteCopyTest {

    private final List<HasMetadata> objects = objects(Examples.offsite());
    private final CronJob copy = (CronJob) objects.get(0);
    private final CronJob fetch = (CronJob) objects.get(1);

    @Test
    void with_a_secret_there_are_two_jobs_and_a_policy() {
        assertThat(YamlText.of(Excerpt.names(objects))).isEqualTo("""
                  - CronJob postgresql-offsite
                  - CronJob postgresql-offsite-fetch
                  - NetworkPolicy postgresql-offsite
                """);
    }

    @Test
    void with_an_identity_there_is_an_account_as_well() {
        assertThat(YamlText.of(Excerpt.names(objects(Examples.identity())))).isEqualTo("""
                  - ServiceAccount postgresql-offsite
                  - CronJob postgresql-offsite
                  - CronJob postgresql-offsite-fetch
                  - NetworkPolicy postgresql-offsite
                """);
    }

    @Test
    void the_copy_is_made_every_ten_minutes() {
        assertThat(YamlText.of(Excerpt.schedule(copy))).isEqualTo("""
                concurrencyPolicy: Forbid
                failedJobsHistoryLimit: 3
                jobTemplate:
                  metadata:
                    labels:
                      app.kubernetes.io/component: offsite
                      app.kubernetes.io/instance: postgresql
                      app.kubernetes.io/managed-by: postgresql-ha
                      app.kubernetes.io/name: postgresql
                      app.kubernetes.io/part-of: postgresql-ha
                      app.kubernetes.io/version: "17"
                  spec:
                    activeDeadlineSeconds: 43200
                    backoffLimit: 0
                schedule: '*/10 * * * *'
                startingDeadlineSeconds: 300
                successfulJobsHistoryLimit: 3
                timeZone: Etc/UTC
                """);
    }

    @Test
    void only_people_start_what_brings_it_back() {
        assertThat(YamlText.of(Excerpt.schedule(fetch))).isEqualTo("""
                concurrencyPolicy: Forbid
                failedJobsHistoryLimit: 3
                jobTemplate:
                  metadata:
                    labels:
                      app.kubernetes.io/component: offsite
                      app.kubernetes.io/instance: postgresql
                      app.kubernetes.io/managed-by: postgresql-ha
                      app.kubernetes.io/name: postgresql
                      app.kubernetes.io/part-of: postgresql-ha
                      app.kubernetes.io/version: "17"
                  spec:
                    activeDeadlineSeconds: 43200
                    backoffLimit: 0
                schedule: 0 0 1 1 *
                startingDeadlineSeconds: 300
                successfulJobsHistoryLimit: 3
                suspend: true
                timeZone: Etc/UTC
                """);
    }

    @Test
    void its_pod_is_where_the_backups_are() {
        assertThat(YamlText.of(Excerpt.pod(copy))).isEqualTo("""
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
    void its_container_is_rclone_s() {
        assertThat(YamlText.of(Excerpt.container(copy))).isEqualTo("""
                command:
                  - /bin/sh
                  - /scripts/offsite.sh
                image: docker.io/rclone/rclone:1.70.3
                imagePullPolicy: IfNotPresent
                name: offsite
                resources:
                  limits:
                    cpu: "1"
                    ephemeral-storage: 512Mi
                    memory: 512Mi
                  requests:
                    cpu: 100m
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
    void the_way_back_differs_by_its_script_alone() {
        assertThat(YamlText.of(Excerpt.container(fetch).getCommand())).isEqualTo("""
                  - /bin/sh
                  - /scripts/fetch-offsite.sh
                """);
        assertThat(Excerpt.environment(fetch)).isEqualTo(Excerpt.environment(copy));
        assertThat(Excerpt.volumes(fetch)).isEqualTo(Excerpt.volumes(copy));
    }

    @Test
    void it_has_the_secret_of_the_remote_and_the_backups() {
        assertThat(YamlText.of(Excerpt.volumes(copy))).isEqualTo("""
                  - emptyDir:
                      sizeLimit: 256Mi
                    name: tmp
                  - name: backup
                    persistentVolumeClaim:
                      claimName: postgresql-backup
                  - name: rclone
                    secret:
                      defaultMode: 288
                      items:
                        - key: rclone.conf
                          path: rclone.conf
                      secretName: postgresql-rclone
                """);
        assertThat(YamlText.of(mounts(copy))).isEqualTo("""
                  - mountPath: /scripts
                    name: scripts
                    readOnly: true
                  - mountPath: /tmp
                    name: tmp
                  - mountPath: /run/secrets/rclone
                    name: rclone
                    readOnly: true
                  - mountPath: /var/lib/postgresql/backups
                    name: backup
                """);
    }

    @Test
    void with_an_identity_it_has_the_backups_alone() {
        CronJob job = (CronJob) objects(Examples.identity()).get(1);
        assertThat(YamlText.of(Excerpt.volumes(job))).isEqualTo("""
                  - emptyDir:
                      sizeLimit: 256Mi
                    name: tmp
                  - name: backup
                    persistentVolumeClaim:
                      claimName: postgresql-backup
                """);
        assertThat(YamlText.of(mounts(job))).isEqualTo("""
                  - mountPath: /scripts
                    name: scripts
                    readOnly: true
                  - mountPath: /tmp
                    name: tmp
                  - mountPath: /var/lib/postgresql/backups
                    name: backup
                """);
    }

    @Test
    void it_knows_where_to_and_how_long() {
        assertThat(YamlText.of(Excerpt.environment(copy))).isEqualTo("""
                BACKUP_DIRECTORY: /var/lib/postgresql/backups
                HOME: /tmp
                OFFSITE_ENCRYPTED: "true"
                OFFSITE_REMOTE: secret:postgresql
                OFFSITE_RETENTION_DAYS: "30"
                RCLONE_CONFIG_FILE: /run/secrets/rclone/rclone.conf
                """);
    }

    @Test
    void with_an_identity_the_remote_is_said_by_variables() {
        assertThat(YamlText.of(Excerpt.difference(
                        Excerpt.environment(copy),
                        Excerpt.environment(objects(Examples.identity()).get(1)))))
                .isEqualTo("""
                OFFSITE_DELETES: "false"
                OFFSITE_ENCRYPTED: "false"
                OFFSITE_REMOTE: offsite:backups/postgresql
                RCLONE_CONFIG_FILE: none
                RCLONE_CONFIG_OFFSITE_ENV_AUTH: "true"
                RCLONE_CONFIG_OFFSITE_PROVIDER: AWS
                RCLONE_CONFIG_OFFSITE_REGION: eu-central-1
                RCLONE_CONFIG_OFFSITE_TYPE: s3
                """);
    }

    @Test
    void image_schedule_retention_and_resources_are_those_of_the_specification() {
        CronJob job = (CronJob) objects(spec().image("registry.example/rclone:1")
                        .schedule(new CronSchedule("0 * * * *"))
                        .retentionDays(90)
                        .resources(ResourcesSpec.of(
                                ResourceAmountsSpec.of("1", "1Gi"), ResourceAmountsSpec.of("2", "2Gi"))))
                .get(0);
        assertThat(YamlText.of(Map.of(
                        "image", Excerpt.container(job).getImage(),
                        "resources", Excerpt.container(job).getResources(),
                        "retention", Excerpt.environment(job).get("OFFSITE_RETENTION_DAYS"),
                        "schedule", job.getSpec().getSchedule())))
                .isEqualTo("""
                image: registry.example/rclone:1
                resources:
                  limits:
                    cpu: "2"
                    ephemeral-storage: 512Mi
                    memory: 2Gi
                  requests:
                    cpu: "1"
                    ephemeral-storage: 64Mi
                    memory: 1Gi
                retention: "90"
                schedule: 0 * * * *
                """);
    }

    private static OffsiteSpec.Builder spec() {
        return OffsiteSpec.builder()
                .remote("offsite:bucket/postgresql")
                .secret("postgresql-rclone")
                .encrypted(false);
    }

    private static List<HasMetadata> objects(OffsiteSpec.Builder offsite) {
        return objects(PostgresqlHaSpec.builder()
                .backup(BackupScheduleSpec.builder().offsite(offsite.build()).build())
                .build());
    }

    private static List<HasMetadata> objects(PostgresqlHaSpec spec) {
        return new OffsiteCopy(Installation.of(spec), spec.backup().offsite().orElseThrow()).objects();
    }

    private static Object mounts(CronJob job) {
        return job.getSpec()
                .getJobTemplate()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .getVolumeMounts();
    }
}
