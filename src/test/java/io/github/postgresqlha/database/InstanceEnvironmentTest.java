package io.github.postgresqlha.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.postgresql.DataDurability;
import io.github.postgresqlha.postgresql.PostgresVersion;
import io.github.postgresqlha.postgresql.RecoveryDelay;
import io.github.postgresqlha.postgresql.Synchronous;
import io.github.postgresqlha.spec.BootstrapSpec;
import io.github.postgresqlha.spec.ConfigurationSpec;
import io.github.postgresqlha.spec.Failover;
import io.github.postgresqlha.spec.FromBackupSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.ReplicationSpec;
import io.github.postgresqlha.spec.StandbyDatabaseSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Excerpt;
import io.github.postgresqlha.testing.YamlText;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InstanceEnvironmentTest {

    private final Map<String, Object> standard = environment(Examples.standard(), 0);

    @Test
    void the_primary_knows_itself_its_peer_and_its_folders() {
        assertThat(YamlText.of(standard)).isEqualTo("""
                BACKUP_DIRECTORY: /var/lib/postgresql/backups
                CONFIG_DIRECTORY: /etc/postgresql
                DATABASE_NAME: airflow
                DATABASE_OWNER: airflow
                INSTANCE_NAME: postgresql-primary
                INSTANCE_ROLE: primary
                LANG: C.UTF-8
                MEMBER_HOSTS: "postgresql-primary-0.postgresql-peers,postgresql-standby-0.postgresql-peers"
                MEMBER_NUMBER: "1"
                PASSFILE_DIRECTORY: /run/passfile
                PATH: /scripts/bin:/usr/lib/postgresql/17/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                PEER_HOST: postgresql-standby-0.postgresql-peers
                PEER_NAME: postgresql-standby
                PEER_REPLICATION_SLOT: postgresql_standby
                PGDATA: /var/lib/postgresql/data/pgdata
                POSTGRES_MAJOR: "17"
                PSQL_HISTORY: /dev/null
                REPLICATION_SLOT: postgresql_primary
                ROLL_SECONDS: "60"
                SECRET_DIRECTORY: /run/secrets/postgresql
                STOP_SECONDS: "90"
                TLS_CA_FILE: /run/passfile/tls/ca.crt
                TLS_DIRECTORY: /tls
                WAL_DIRECTORY: /var/lib/postgresql/wal
                """);
    }

    @Test
    void a_standby_knows_no_backups() {
        assertThat(difference(Examples.standard(), 1)).isEqualTo("""
                BACKUP_DIRECTORY: none
                INSTANCE_NAME: postgresql-standby
                INSTANCE_ROLE: standby
                MEMBER_NUMBER: "2"
                PEER_HOST: postgresql-primary-0.postgresql-peers
                PEER_NAME: postgresql-primary
                PEER_REPLICATION_SLOT: postgresql_primary
                REPLICATION_SLOT: postgresql_standby
                """);
    }

    @Test
    void a_single_instance_has_no_peer() {
        assertThat(difference(Examples.single(), 0)).isEqualTo("""
                MEMBER_HOSTS: postgresql-primary-0.postgresql-peers
                PEER_HOST: none
                PEER_NAME: none
                PEER_REPLICATION_SLOT: none
                """);
    }

    @Test
    void names_are_those_of_the_specification() {
        assertThat(difference(Examples.otherNames(), 0)).isEqualTo("""
                DATABASE_NAME: metadata
                DATABASE_OWNER: scheduler
                INSTANCE_NAME: reports-primary
                MEMBER_HOSTS: "reports-primary-0.reports-peers,reports-standby-0.reports-peers"
                PEER_HOST: reports-standby-0.reports-peers
                PEER_NAME: reports-standby
                PEER_REPLICATION_SLOT: reports_standby
                REPLICATION_SLOT: reports_primary
                """);
    }

    @Test
    void the_programs_are_those_of_the_major() {
        assertThat(difference(
                        PostgresqlHaSpec.builder()
                                .postgresVersion(PostgresVersion.V15)
                                .build(),
                        0))
                .isEqualTo("""
                PATH: /scripts/bin:/usr/lib/postgresql/15/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                POSTGRES_MAJOR: "15"
                """);
    }

    @Test
    void with_automatic_failover_the_primary_knows_patroni_s_scope() {
        assertThat(difference(Examples.automatic(), 0)).isEqualTo("""
                DATA_DURABILITY: required
                FAILOVER_PRIORITY: "1"
                MEMBER_HOSTS: "postgresql-primary-0.postgresql-peers,postgresql-standby-0.postgresql-peers,postgresql-standby-2-0.postgresql-peers"
                PATRONICTL_CONFIG_FILE: /run/passfile/patroni
                PATRONI_SCOPE: postgresql-patroni
                POD_IP:
                  fieldRef:
                    fieldPath: status.podIP
                POD_NAMESPACE:
                  fieldRef:
                    fieldPath: metadata.namespace
                ROLE_LABEL: postgresqlha.github.io/role
                """);
    }

    @Test
    void a_second_standby_has_a_number_and_a_slot_of_its_own() {
        assertThat(YamlText.of(
                        Excerpt.difference(environment(Examples.automatic(), 1), environment(Examples.automatic(), 2))))
                .isEqualTo("""
                INSTANCE_NAME: postgresql-standby-2
                MEMBER_NUMBER: "3"
                REPLICATION_SLOT: postgresql_standby_2
                """);
    }

    @Test
    void a_standby_may_take_over_before_another() {
        PostgresqlHaSpec spec = automatic(
                StandbyDatabaseSpec.builder().count(2).addFailoverPriority(7).addFailoverPriority(0));
        assertThat(environment(spec, 0)).containsEntry("FAILOVER_PRIORITY", "1");
        assertThat(environment(spec, 1)).containsEntry("FAILOVER_PRIORITY", "7");
        assertThat(environment(spec, 2)).containsEntry("FAILOVER_PRIORITY", "0");
    }

    @Test
    void the_last_standby_may_apply_late_and_never_takes_over() {
        PostgresqlHaSpec spec = automatic(StandbyDatabaseSpec.builder().count(2).applyDelay(new RecoveryDelay("4h")));
        assertThat(YamlText.of(Excerpt.difference(environment(spec, 1), environment(spec, 2))))
                .isEqualTo("""
                APPLY_DELAY: 4h
                FAILOVER_PRIORITY: "0"
                INSTANCE_NAME: postgresql-standby-2
                MEMBER_NUMBER: "3"
                REPLICATION_SLOT: postgresql_standby_2
                """);
    }

    @Test
    void with_synchronous_replication_it_knows_what_is_done_without_a_standby() {
        assertThat(difference(
                        PostgresqlHaSpec.builder()
                                .replication(ReplicationSpec.builder()
                                        .synchronous(Synchronous.TRUE)
                                        .dataDurability(DataDurability.PREFERRED)
                                        .build())
                                .build(),
                        0))
                .isEqualTo("""
                DATA_DURABILITY: preferred
                """);
    }

    @Test
    void with_a_copy_outside_the_primary_knows_how_to_ask_for_it() {
        assertThat(difference(Examples.offsite(), 0)).isEqualTo("""
                OFFSITE_FETCH: --from=cronjob/postgresql-offsite-fetch -n airflow
                OFFSITE_SCHEDULE: '*/10 * * * *'
                """);
    }

    @Test
    void first_data_come_from_the_repository_of_another_installation() {
        assertThat(difference(Examples.fromBackup(), 0)).isEqualTo("""
                BOOTSTRAP_DIRECTORY: /var/lib/postgresql/bootstrap
                BOOTSTRAP_TARGET: 2026-01-31T23:59:00Z
                BOOTSTRAP_TIMELINE: "17"
                """);
    }

    @Test
    void first_data_come_from_its_own_backups_along_the_newest_timeline() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .bootstrap(BootstrapSpec.builder()
                        .fromBackup(FromBackupSpec.builder().build())
                        .build())
                .build();
        assertThat(difference(spec, 0)).isEqualTo("""
                BOOTSTRAP_DIRECTORY: /var/lib/postgresql/backups
                BOOTSTRAP_TARGET: latest
                """);
    }

    private static PostgresqlHaSpec automatic(StandbyDatabaseSpec.Builder standby) {
        return PostgresqlHaSpec.builder()
                .image("registry.example/postgresql-patroni:17")
                .failover(Failover.AUTOMATIC)
                .standby(standby.build())
                .configuration(ConfigurationSpec.builder().maxWalSenders(4).build())
                .build();
    }

    private String difference(PostgresqlHaSpec spec, int member) {
        return YamlText.of(Excerpt.difference(standard, environment(spec, member)));
    }

    private static Map<String, Object> environment(PostgresqlHaSpec spec, int member) {
        Installation installation = Installation.of(spec);
        return Excerpt.environment(InstanceEnvironment.of(
                        new Instance(installation, installation.members().get(member)))
                .variables());
    }
}
