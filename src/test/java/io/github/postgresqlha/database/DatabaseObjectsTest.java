package io.github.postgresqlha.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.InstanceStorageSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.PrimaryDatabaseSpec;
import io.github.postgresqlha.spec.StandbyDatabaseSpec;
import io.github.postgresqlha.spec.StorageSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Excerpt;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatabaseObjectsTest {

    @Test
    void each_member_has_a_claim_for_data_and_one_for_its_log() {
        assertThat(names(DatabaseObjects.claims(installation(Examples.automatic()))))
                .isEqualTo("""
                  - PersistentVolumeClaim data-postgresql-primary
                  - PersistentVolumeClaim wal-postgresql-primary
                  - PersistentVolumeClaim data-postgresql-standby
                  - PersistentVolumeClaim wal-postgresql-standby
                  - PersistentVolumeClaim data-postgresql-standby-2
                  - PersistentVolumeClaim wal-postgresql-standby-2
                """);
    }

    @Test
    void a_claim_is_kept_when_it_vanishes_from_the_manifests() {
        assertThat(YamlText.of(DatabaseObjects.claims(installation(Examples.standard()))
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
                    app.kubernetes.io/component: primary
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/managed-by: postgresql-ha
                    app.kubernetes.io/name: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                    app.kubernetes.io/version: "17"
                  name: data-postgresql-primary
                  namespace: airflow
                spec:
                  accessModes:
                    - ReadWriteOnce
                  resources:
                    requests:
                      storage: 100Gi
                """);
    }

    @Test
    void claims_have_the_sizes_and_classes_of_their_member() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .primary(PrimaryDatabaseSpec.builder()
                        .storage(InstanceStorageSpec.builder()
                                .data(StorageSpec.of("10Gi"))
                                .wal(StorageSpec.of("11Gi"))
                                .build())
                        .build())
                .standby(StandbyDatabaseSpec.builder()
                        .storage(InstanceStorageSpec.builder()
                                .data(StorageSpec.of("12Gi"))
                                .wal(StorageSpec.builder()
                                        .size(new Quantity("13Gi"))
                                        .storageClassName("fast")
                                        .build())
                                .build())
                        .build())
                .build();
        assertThat(YamlText.of(DatabaseObjects.claims(installation(spec)).stream()
                        .map(claim -> ((PersistentVolumeClaim) claim).getSpec())
                        .toList()))
                .isEqualTo("""
                  - accessModes:
                      - ReadWriteOnce
                    resources:
                      requests:
                        storage: 10Gi
                  - accessModes:
                      - ReadWriteOnce
                    resources:
                      requests:
                        storage: 11Gi
                  - accessModes:
                      - ReadWriteOnce
                    resources:
                      requests:
                        storage: 12Gi
                  - accessModes:
                      - ReadWriteOnce
                    resources:
                      requests:
                        storage: 13Gi
                    storageClassName: fast
                """);
    }

    @Test
    void what_postgresql_reads_is_applied_before_the_scripts() {
        assertThat(names(DatabaseObjects.configuration(installation(Examples.standard()))))
                .isEqualTo("""
                  - ConfigMap postgresql-config
                  - ConfigMap postgresql-scripts
                  - ConfigMap postgresql-scripts-backup
                  - ConfigMap postgresql-scripts-bin
                  - ConfigMap postgresql-scripts-drill
                  - ConfigMap postgresql-scripts-health
                  - ConfigMap postgresql-scripts-import
                  - ConfigMap postgresql-scripts-instance
                  - ConfigMap postgresql-scripts-lib
                  - ConfigMap postgresql-scripts-offsite
                  - ConfigMap postgresql-scripts-proof
                  - ConfigMap postgresql-scripts-restore
                  - ConfigMap postgresql-scripts-sql
                  - ConfigMap postgresql-scripts-upkeep
                  - ConfigMap postgresql-scripts-wal
                """);
    }

    @Test
    void the_primary_brings_what_all_members_share() {
        assertThat(names(DatabaseObjects.primary(installation(Examples.standard()))))
                .isEqualTo("""
                  - StatefulSet postgresql-primary
                  - Service postgresql-primary
                  - Service postgresql-peers
                  - PodDisruptionBudget postgresql
                """);
    }

    @Test
    void a_standby_has_a_service() {
        assertThat(names(DatabaseObjects.standbys(installation(Examples.standard()))))
                .isEqualTo("""
                  - StatefulSet postgresql-standby
                  - Service postgresql-standby
                """);
    }

    @Test
    void several_standbys_have_one_service() {
        assertThat(names(DatabaseObjects.standbys(installation(Examples.automatic()))))
                .isEqualTo("""
                  - StatefulSet postgresql-standby
                  - StatefulSet postgresql-standby-2
                  - Service postgresql-standby
                """);
    }

    @Test
    void a_single_instance_has_nothing_of_a_standby() {
        assertThat(DatabaseObjects.standbys(installation(Examples.single()))).isEmpty();
    }

    private static String names(List<HasMetadata> objects) {
        return YamlText.of(Excerpt.names(objects));
    }

    private static Installation installation(PostgresqlHaSpec spec) {
        return Installation.of(spec);
    }
}
