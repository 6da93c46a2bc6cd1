package io.github.postgresqlha.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.Checksum;
import io.github.postgresqlha.postgresql.Synchronous;
import io.github.postgresqlha.script.Scripts;
import io.github.postgresqlha.spec.ConfigurationSpec;
import io.github.postgresqlha.spec.InstanceStorageSpec;
import io.github.postgresqlha.spec.NetworkSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.PrimaryDatabaseSpec;
import io.github.postgresqlha.spec.ReplicationSpec;
import io.github.postgresqlha.spec.StorageSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ServerConfigurationTest {

    @Test
    void the_config_map_is_called_after_the_installation() {
        assertThat(YamlText.of(configMap(Examples.otherNames()).getMetadata())).isEqualTo("""
                labels:
                  app.kubernetes.io/component: configuration
                  app.kubernetes.io/instance: reports
                  app.kubernetes.io/managed-by: postgresql-ha
                  app.kubernetes.io/name: postgresql
                  app.kubernetes.io/part-of: postgresql-ha
                  app.kubernetes.io/version: "17"
                name: reports-config
                namespace: data
                """);
    }

    @Test
    void who_connects_is_checked_by_scram() {
        assertThat(YamlText.of(without(configMap(Examples.standard()), "postgresql.conf", "health.env")))
                .isEqualTo("""
                pg_hba.conf: |
                  # Generated from postgresql-ha.yaml: change it there.
                  # TYPE, DATABASE, USER, ADDRESS, METHOD: the first record that matches decides.
                  hostnossl  all          all               all  reject                              # whoever does not use TLS: the error says "no encryption"
                  local      all          all                    peer map=postgresql                 # kubectl exec: the pod's own user, by pg_ident.conf
                  hostssl    replication  replicator        all  scram-sha-256                       # standby, WAL archiver, base backup
                  hostssl    postgres     monitor,rewinder  all  scram-sha-256                       # health check, pg_rewind
                  hostssl    postgres     backup            all  scram-sha-256                       # the end of a base backup
                  hostssl    all          postgres          all  scram-sha-256 clientcert=verify-ca  # restore, which may run beside another instance
                  hostssl    airflow      airflow           all  scram-sha-256                       # the application
                  hostssl    /^airflow_   airflow           all  scram-sha-256                       # a restore of its dumps
                  hostssl    airflow      backup            all  scram-sha-256                       # dumps
                  hostssl    all          all               all  reject                              # whoever is not listed above
                pg_ident.conf: |
                  # Generated from postgresql-ha.yaml: change it there.
                  # MAP, SYSTEM USER, ROLE
                  postgresql  postgres  all
                """);
    }

    @Test
    void databases_that_are_dumped_let_in_the_role_of_the_backups() {
        assertThat(lines(Examples.sharedBackups(), "pg_hba.conf", "backup")).isEqualTo("""
                hostssl    replication  replicator        all  scram-sha-256                       # standby, WAL archiver, base backup
                hostssl    postgres     backup            all  scram-sha-256                       # the end of a base backup
                hostssl    airflow      backup            all  scram-sha-256                       # dumps
                hostssl    "reports"    backup            all  scram-sha-256                       # dumps of other databases
                hostssl    "team-x"     backup            all  scram-sha-256                       # dumps of other databases
                """);
    }

    @Test
    void with_automatic_failover_there_are_the_files_of_patroni() {
        assertThat(YamlText.of(configMap(Examples.automatic()).getData().keySet()))
                .isEqualTo("""
                  - health.env
                  - patroni-dynamic.yml
                  - patroni.yml
                  - pg_hba.conf
                  - pg_ident.conf
                  - postgresql.conf
                """);
    }

    @Test
    void the_smallest_volume_bounds_what_slots_may_keep() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .primary(PrimaryDatabaseSpec.builder()
                        .storage(InstanceStorageSpec.builder()
                                .wal(StorageSpec.of("10Gi"))
                                .build())
                        .build())
                .build();
        assertThat(lines(spec, "postgresql.conf", "wal_size|slot_wal")).isEqualTo("""
                max_wal_size = 2GB                  # checkpoints by time, not by amount, unless the volume is small
                min_wal_size = 512MB                # kept for reuse, so that bursts need no new files
                max_slot_wal_keep_size = 4GB       # 40 % of the WAL volume: no reader can fill it
                """);
    }

    @Test
    void asynchronous_replication_names_no_standby() {
        assertThat(lines(Examples.standard(), "postgresql.conf", "synchronous_standby_names"))
                .isEmpty();
    }

    @Test
    void by_hand_each_member_waits_for_whichever_other_there_is() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .replication(
                        ReplicationSpec.builder().synchronous(Synchronous.TRUE).build())
                .build();
        assertThat(lines(spec, "postgresql.conf", "synchronous_standby_names")).isEqualTo("""
                synchronous_standby_names = 'ANY 1 ("postgresql-primary", "postgresql-standby")'  # the other member confirms each commit
                """);
    }

    @Test
    void patroni_names_the_members_itself() {
        assertThat(lines(Examples.automatic(), "postgresql.conf", "synchronous_standby_names"))
                .isEmpty();
    }

    @Test
    void parameters_of_the_specification_go_before_the_defaults() {
        assertThat(lines(parameter("track_io_timing", "off"), "postgresql.conf", "track_io_timing"))
                .isEqualTo("""
                track_io_timing = off  # from the specification
                """);
    }

    @Test
    void a_parameter_that_is_read_at_the_start_restarts_the_members() {
        assertThat(checksum(parameter("max_worker_processes", "9"))).isNotEqualTo(checksum(Examples.standard()));
    }

    @Test
    void a_parameter_that_is_read_at_any_time_restarts_nothing() {
        assertThat(checksum(parameter("track_io_timing", "off"))).isEqualTo(checksum(Examples.standard()));
    }

    @Test
    void another_program_of_the_supervisor_restarts_the_members() {
        ServerConfiguration configuration = ServerConfiguration.of(Installation.of(Examples.standard()));
        assertThat(configuration.restartChecksum())
                .isEqualTo(Checksum.of(configuration.parameters().restartRequired() + Scripts.program("instance.sh")));
    }

    @Test
    void another_supervisor_restarts_the_members() {
        assertThat(checksum(Examples.automatic())).isNotEqualTo(checksum(Examples.standard()));
    }

    @Test
    void what_patroni_reads_at_its_start_restarts_the_members() {
        assertThat(checksum(automatic("other"))).isNotEqualTo(checksum(automatic("postgresql")));
    }

    private static PostgresqlHaSpec automatic(String name) {
        return PostgresqlHaSpec.builder()
                .name(name)
                .image(Examples.automatic().image())
                .failover(Examples.automatic().failover())
                .network(NetworkSpec.builder().apiServerCidr("10.0.0.1/32").build())
                .build();
    }

    private static PostgresqlHaSpec parameter(String name, String value) {
        return PostgresqlHaSpec.builder()
                .configuration(
                        ConfigurationSpec.builder().putParameter(name, value).build())
                .build();
    }

    private static String checksum(PostgresqlHaSpec spec) {
        return ServerConfiguration.of(Installation.of(spec)).restartChecksum();
    }

    private static ConfigMap configMap(PostgresqlHaSpec spec) {
        Installation installation = Installation.of(spec);
        return ServerConfiguration.of(installation).configMap(installation);
    }

    private static Map<String, String> without(ConfigMap map, String... files) {
        Map<String, String> data = new TreeMap<>(map.getData());
        data.keySet().removeAll(List.of(files));
        return data;
    }

    /** The lines of a file with some text in them. */
    private static String lines(PostgresqlHaSpec spec, String file, String pattern) {
        return configMap(spec)
                .getData()
                .getOrDefault(file, "")
                .lines()
                .filter(line -> line.matches(".*(" + pattern + ").*"))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }
}
