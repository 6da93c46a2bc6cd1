package io.github.postgresqlha.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.ClientServiceSpec;
import io.github.postgresqlha.spec.InstanceStorageSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.PrimaryDatabaseSpec;
import io.github.postgresqlha.spec.ResourceAmountsSpec;
import io.github.postgresqlha.spec.ResourcesSpec;
import io.github.postgresqlha.spec.ServiceType;
import io.github.postgresqlha.spec.StandbyDatabaseSpec;
import io.github.postgresqlha.spec.StorageSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.YamlText;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InstanceTest {

    private static final Installation DIFFERENT = Installation.of(PostgresqlHaSpec.builder()
            .primary(PrimaryDatabaseSpec.builder()
                    .resources(ResourcesSpec.of(ResourceAmountsSpec.of("1", "3Gi"), ResourceAmountsSpec.of("2", "4Gi")))
                    .storage(InstanceStorageSpec.builder()
                            .data(StorageSpec.of("10Gi"))
                            .build())
                    .service(ClientServiceSpec.builder()
                            .type(ServiceType.LOAD_BALANCER)
                            .build())
                    .putNodeSelector("disk", "nvme")
                    .build())
            .standby(StandbyDatabaseSpec.builder()
                    .resources(ResourcesSpec.of(ResourceAmountsSpec.of("3", "5Gi"), ResourceAmountsSpec.of("4", "6Gi")))
                    .storage(InstanceStorageSpec.builder()
                            .data(StorageSpec.of("20Gi"))
                            .build())
                    .service(ClientServiceSpec.builder()
                            .type(ServiceType.NODE_PORT)
                            .build())
                    .putNodeSelector("disk", "ssd")
                    .build())
            .build());

    @Test
    void the_primary_has_what_the_specification_gives_the_primary() {
        assertThat(YamlText.of(given(new Instance(DIFFERENT, DIFFERENT.primary()))))
                .isEqualTo("""
                cpu: "1"
                data: 10Gi
                nodeSelector:
                  disk: nvme
                service: LoadBalancer
                """);
    }

    @Test
    void a_standby_has_what_the_specification_gives_standbys() {
        assertThat(YamlText.of(
                        given(new Instance(DIFFERENT, DIFFERENT.standbys().get(0)))))
                .isEqualTo("""
                cpu: "3"
                data: 20Gi
                nodeSelector:
                  disk: ssd
                service: NodePort
                """);
    }

    @Test
    void the_primary_alone_mounts_the_backups() {
        assertThat(primary(Examples.standard()).backups()).isPresent();
        assertThat(standby(Examples.standard()).backups()).isEmpty();
    }

    @Test
    void the_primary_alone_makes_first_data() {
        assertThat(YamlText.of(primary(Examples.fromBackup())
                        .bootstrap()
                        .orElseThrow()
                        .volume()
                        .orElseThrow()))
                .isEqualTo("""
                name: bootstrap
                persistentVolumeClaim:
                  claimName: reports-backup
                  readOnly: true
                """);
        assertThat(standby(Examples.fromBackup()).bootstrap()).isEmpty();
        assertThat(primary(Examples.standard()).bootstrap()).isEmpty();
    }

    private static Map<String, Object> given(Instance instance) {
        return Map.of(
                "cpu", instance.resources().requests().cpu(),
                "data", instance.storage().data().size(),
                "nodeSelector", instance.nodeSelector(),
                "service", instance.service().type().toString());
    }

    private static Instance primary(PostgresqlHaSpec spec) {
        Installation installation = Installation.of(spec);
        return new Instance(installation, installation.primary());
    }

    private static Instance standby(PostgresqlHaSpec spec) {
        Installation installation = Installation.of(spec);
        return new Instance(installation, installation.standbys().get(0));
    }
}
