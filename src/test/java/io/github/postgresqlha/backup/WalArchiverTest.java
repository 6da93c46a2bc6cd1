package io.github.postgresqlha.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.Checksum;
import io.github.postgresqlha.script.Scripts;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.ResourceAmountsSpec;
import io.github.postgresqlha.spec.ResourcesSpec;
import io.github.postgresqlha.spec.WalArchiveSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Excerpt;
import io.github.postgresqlha.testing.YamlText;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WalArchiverTest {

    private final Deployment standard = WalArchiver.of(Installation.of(Examples.standard()));

    @Test
    void the_old_pod_ends_before_the_new_one_starts() {
        assertThat(YamlText.of(new DeploymentBuilder(standard)
                        .editSpec()
                        .withTemplate(null)
                        .endSpec()
                        .build()))
                .isEqualTo("""
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  labels:
                    app.kubernetes.io/component: wal-archiver
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/managed-by: postgresql-ha
                    app.kubernetes.io/name: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                    app.kubernetes.io/version: "17"
                  name: postgresql-wal-archiver
                  namespace: airflow
                spec:
                  selector:
                    matchLabels:
                      app.kubernetes.io/component: wal-archiver
                      app.kubernetes.io/instance: postgresql
                      app.kubernetes.io/name: postgresql
                  strategy:
                    type: Recreate
                """);
    }

    @Test
    void its_pod_restarts_with_its_program() {
        assertThat(standard.getSpec().getTemplate().getMetadata().getAnnotations())
                .containsOnly(Map.entry(
                        "postgresqlha.github.io/restart-checksum", Checksum.of(Scripts.program("wal/archive.sh"))));
    }

    @Test
    void its_pod_has_the_labels_of_the_archiver_and_of_the_backups() {
        assertThat(YamlText.of(standard.getSpec().getTemplate().getMetadata().getLabels()))
                .isEqualTo("""
                app.kubernetes.io/component: wal-archiver
                app.kubernetes.io/instance: postgresql
                app.kubernetes.io/managed-by: postgresql-ha
                app.kubernetes.io/name: postgresql
                app.kubernetes.io/part-of: postgresql-ha
                app.kubernetes.io/version: "17"
                postgresqlha.github.io/backup-volume: postgresql-backup
                """);
    }

    @Test
    void its_pod_runs_always_and_where_the_backups_are() {
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
                restartPolicy: Always
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
    void its_container_is_restarted_without_a_heartbeat() {
        assertThat(YamlText.of(Excerpt.container(standard))).isEqualTo("""
                command:
                  - /scripts/wal/archive.sh
                image: postgres:17
                imagePullPolicy: IfNotPresent
                livenessProbe:
                  exec:
                    command:
                      - /scripts/wal/archive.sh
                      - probe
                  failureThreshold: 3
                  periodSeconds: 30
                  timeoutSeconds: 5
                name: wal-archiver
                resources:
                  limits:
                    cpu: "1"
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
    void it_has_the_replicator_s_password_and_no_other() {
        assertThat(YamlText.of(Excerpt.volumes(standard))).isEqualTo("""
                  - name: secret
                    secret:
                      defaultMode: 288
                      items:
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
    void it_streams_from_whichever_member_is_primary() {
        assertThat(YamlText.of(Excerpt.environment(standard))).isEqualTo("""
                BACKUP_DIRECTORY: /var/lib/postgresql/backups
                LANG: C.UTF-8
                PASSFILE_DIRECTORY: /run/passfile
                PATH: /scripts/bin:/usr/lib/postgresql/17/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                PGAPPNAME: postgresql-wal-archiver
                PGCONNECT_TIMEOUT: "5"
                PGHOST: "postgresql-primary-0.postgresql-peers,postgresql-standby-0.postgresql-peers"
                PGPORT: "5432"
                PGREQUIREAUTH: scram-sha-256
                PGSSLMODE: verify-full
                PGSSLROOTCERT: /tls/ca.crt
                PGTARGETSESSIONATTRS: read-write
                PGUSER: replicator
                POSTGRES_MAJOR: "17"
                REPLICATION_SLOT: wal_archiver
                SECRET_DIRECTORY: /run/secrets/postgresql
                TLS_CA_FILE: /tls/ca.crt
                """);
    }

    @Test
    void resources_are_those_of_the_specification() {
        Deployment archiver = WalArchiver.of(Installation.of(PostgresqlHaSpec.builder()
                .backup(BackupScheduleSpec.builder()
                        .walArchive(WalArchiveSpec.builder()
                                .resources(ResourcesSpec.of(
                                        ResourceAmountsSpec.of("1", "1Gi"), ResourceAmountsSpec.of("2", "2Gi")))
                                .build())
                        .build())
                .build()));
        assertThat(YamlText.of(Excerpt.container(archiver).getResources())).isEqualTo("""
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
