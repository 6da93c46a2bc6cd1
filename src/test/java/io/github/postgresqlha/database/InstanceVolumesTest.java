package io.github.postgresqlha.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.BootstrapSpec;
import io.github.postgresqlha.spec.FromBackupSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import org.junit.jupiter.api.Test;

class InstanceVolumesTest {

    @Test
    void the_primary_has_its_claims_what_it_is_told_scratch_and_the_backups() {
        assertThat(YamlText.of(volumes(Examples.standard(), 0).stream()
                        .filter(volume -> volume.getProjected() == null)
                        .toList()))
                .isEqualTo("""
                  - name: data
                    persistentVolumeClaim:
                      claimName: data-postgresql-primary
                  - name: wal
                    persistentVolumeClaim:
                      claimName: wal-postgresql-primary
                  - configMap:
                      name: postgresql-config
                    name: config
                  - name: secret
                    secret:
                      defaultMode: 288
                      secretName: postgresql-secret
                  - emptyDir:
                      sizeLimit: 512Mi
                    name: tmp
                  - emptyDir:
                      sizeLimit: 16Mi
                    name: run
                  - emptyDir:
                      medium: Memory
                      sizeLimit: 1Mi
                    name: passfile
                  - emptyDir:
                      medium: Memory
                      sizeLimit: 256Mi
                    name: shm
                  - name: tls
                    secret:
                      defaultMode: 288
                      optional: true
                      secretName: postgresql-tls
                  - name: backup
                    persistentVolumeClaim:
                      claimName: postgresql-backup
                """);
    }

    @Test
    void a_standby_has_other_claims_and_no_backups() {
        assertThat(YamlText.of(claims(Examples.standard(), 1))).isEqualTo("""
                  - name: data
                    persistentVolumeClaim:
                      claimName: data-postgresql-standby
                  - name: wal
                    persistentVolumeClaim:
                      claimName: wal-postgresql-standby
                """);
    }

    @Test
    void passwords_are_those_of_somebody_else_s_secret() {
        assertThat(YamlText.of(volumes(Examples.otherNames(), 0).stream()
                        .filter(volume -> volume.getSecret() != null)
                        .toList()))
                .isEqualTo("""
                  - name: secret
                    secret:
                      defaultMode: 288
                      items:
                        - key: postgres-password
                          path: postgres-password
                        - key: scheduler-password
                          path: scheduler-password
                        - key: replicator-password
                          path: replicator-password
                        - key: rewinder-password
                          path: rewinder-password
                        - key: monitor-password
                          path: monitor-password
                        - key: backup-password
                          path: backup-password
                      optional: true
                      secretName: reports-passwords
                  - name: tls
                    secret:
                      defaultMode: 288
                      optional: true
                      secretName: reports-tls
                """);
    }

    @Test
    void by_hand_there_is_no_script_of_patroni() {
        assertThat(YamlText.of(scripts(Examples.single()))).isEqualTo("""
                  - postgresql-scripts
                  - postgresql-scripts-backup
                  - postgresql-scripts-bin
                  - postgresql-scripts-drill
                  - postgresql-scripts-health
                  - postgresql-scripts-import
                  - postgresql-scripts-instance
                  - postgresql-scripts-lib
                  - postgresql-scripts-offsite
                  - postgresql-scripts-restore
                  - postgresql-scripts-sql
                  - postgresql-scripts-upkeep
                  - postgresql-scripts-wal
                """);
    }

    @Test
    void with_automatic_failover_there_are_scripts_of_patroni() {
        assertThat(YamlText.of(scripts(Examples.automatic()))).isEqualTo("""
                  - postgresql-scripts
                  - postgresql-scripts-backup
                  - postgresql-scripts-bin
                  - postgresql-scripts-drill
                  - postgresql-scripts-health
                  - postgresql-scripts-import
                  - postgresql-scripts-instance
                  - postgresql-scripts-lib
                  - postgresql-scripts-offsite
                  - postgresql-scripts-patroni
                  - postgresql-scripts-restore
                  - postgresql-scripts-sql
                  - postgresql-scripts-upkeep
                  - postgresql-scripts-wal
                """);
    }

    @Test
    void another_installation_s_repository_is_mounted_to_be_read() {
        assertThat(YamlText.of(last(volumes(Examples.fromBackup(), 0)))).isEqualTo("""
                name: bootstrap
                persistentVolumeClaim:
                  claimName: reports-backup
                  readOnly: true
                """);
        assertThat(YamlText.of(last(mounts(Examples.fromBackup(), 0)))).isEqualTo("""
                mountPath: /var/lib/postgresql/bootstrap
                name: bootstrap
                readOnly: true
                """);
    }

    @Test
    void its_own_backups_are_mounted_once_where_first_data_come_from_them() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .bootstrap(BootstrapSpec.builder()
                        .fromBackup(FromBackupSpec.builder().build())
                        .build())
                .build();
        assertThat(volumes(spec, 0)).isEqualTo(volumes(Examples.standard(), 0));
        assertThat(mounts(spec, 0)).isEqualTo(mounts(Examples.standard(), 0));
    }

    @Test
    void the_primary_may_only_read_what_it_is_told_and_the_backups() {
        assertThat(YamlText.of(mounts(Examples.standard(), 0))).isEqualTo("""
                  - mountPath: /var/lib/postgresql/data
                    name: data
                  - mountPath: /var/lib/postgresql/wal
                    name: wal
                  - mountPath: /etc/postgresql
                    name: config
                    readOnly: true
                  - mountPath: /run/secrets/postgresql
                    name: secret
                    readOnly: true
                  - mountPath: /scripts
                    name: scripts
                    readOnly: true
                  - mountPath: /tmp
                    name: tmp
                  - mountPath: /var/run/postgresql
                    name: run
                  - mountPath: /run/passfile
                    name: passfile
                  - mountPath: /dev/shm
                    name: shm
                  - mountPath: /tls
                    name: tls
                    readOnly: true
                  - mountPath: /var/lib/postgresql/backups
                    name: backup
                    readOnly: true
                """);
    }

    @Test
    void a_standby_mounts_no_backups() {
        assertThat(mounts(Examples.standard(), 1))
                .isEqualTo(mounts(Examples.standard(), 0).subList(0, 10));
    }

    @Test
    void with_a_copy_outside_the_primary_may_write_its_requests() {
        assertThat(YamlText.of(mounts(Examples.offsite(), 0).subList(10, 12))).isEqualTo("""
                  - mountPath: /var/lib/postgresql/backups
                    name: backup
                    readOnly: true
                  - mountPath: /var/lib/postgresql/backups/offsite
                    name: backup
                    subPath: offsite
                """);
    }

    private static List<Volume> claims(PostgresqlHaSpec spec, int member) {
        return volumes(spec, member).stream()
                .filter(volume -> volume.getPersistentVolumeClaim() != null)
                .toList();
    }

    /** The ConfigMaps that they come from. */
    private static List<String> scripts(PostgresqlHaSpec spec) {
        return volumes(spec, 0).stream()
                .filter(volume -> volume.getProjected() != null)
                .flatMap(volume -> volume.getProjected().getSources().stream())
                .map(VolumeProjection::getConfigMap)
                .map(source -> source.getName())
                .toList();
    }

    private static List<Volume> volumes(PostgresqlHaSpec spec, int member) {
        return InstanceVolumes.volumes(instance(spec, member));
    }

    private static List<VolumeMount> mounts(PostgresqlHaSpec spec, int member) {
        return InstanceVolumes.mounts(instance(spec, member));
    }

    private static <T> T last(List<T> all) {
        return all.get(all.size() - 1);
    }

    private static Instance instance(PostgresqlHaSpec spec, int member) {
        Installation installation = Installation.of(spec);
        return new Instance(installation, installation.members().get(member));
    }
}
