package io.github.postgresqlha.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.ClientServiceSpec;
import io.github.postgresqlha.spec.IpFamilyPolicy;
import io.github.postgresqlha.spec.NetworkSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.PrimaryDatabaseSpec;
import io.github.postgresqlha.spec.ServiceType;
import io.github.postgresqlha.spec.StandbyDatabaseSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.YamlText;
import org.junit.jupiter.api.Test;

class DatabaseServiceTest {

    @Test
    void clients_reach_the_primary_instance_by_its_name() {
        assertThat(YamlText.of(primary(Examples.standard()))).isEqualTo("""
                apiVersion: v1
                kind: Service
                metadata:
                  labels:
                    app.kubernetes.io/component: primary
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/managed-by: postgresql-ha
                    app.kubernetes.io/name: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                    app.kubernetes.io/version: "17"
                  name: postgresql-primary
                  namespace: airflow
                spec:
                  ports:
                    - name: postgresql
                      port: 5432
                      protocol: TCP
                      targetPort: postgresql
                  selector:
                    app.kubernetes.io/component: primary
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/name: postgresql
                  type: ClusterIP
                """);
    }

    @Test
    void by_hand_the_service_of_the_standby_leads_to_that_instance_whatever_its_role() {
        assertThat(YamlText.of(standby(Examples.standard()).getSpec().getSelector()))
                .isEqualTo("""
                app.kubernetes.io/component: standby
                app.kubernetes.io/instance: postgresql
                app.kubernetes.io/name: postgresql
                """);
    }

    @Test
    void with_automatic_failover_the_service_of_the_primary_follows_the_role() {
        assertThat(YamlText.of(primary(Examples.automatic()).getSpec().getSelector()))
                .isEqualTo("""
                postgresqlha.github.io/member: postgresql
                postgresqlha.github.io/role: primary
                """);
    }

    @Test
    void with_automatic_failover_the_service_of_the_standby_leads_to_every_member_in_that_role() {
        assertThat(YamlText.of(standby(Examples.automatic()).getSpec().getSelector()))
                .isEqualTo("""
                postgresqlha.github.io/member: postgresql
                postgresqlha.github.io/role: standby
                """);
    }

    @Test
    void a_load_balancer_is_told_by_annotations_what_it_is() {
        Service service = primary(PostgresqlHaSpec.builder()
                .primary(PrimaryDatabaseSpec.builder()
                        .service(ClientServiceSpec.builder()
                                .type(ServiceType.LOAD_BALANCER)
                                .putAnnotation("service.beta.kubernetes.io/aws-load-balancer-internal", "true")
                                .build())
                        .build())
                .build());
        assertThat(YamlText.of(service.getMetadata().getAnnotations())).isEqualTo("""
                service.beta.kubernetes.io/aws-load-balancer-internal: "true"
                """);
        assertThat(service.getSpec().getType()).isEqualTo("LoadBalancer");
    }

    @Test
    void the_standby_s_service_may_be_of_another_type_than_the_primary_s() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .standby(StandbyDatabaseSpec.builder()
                        .service(ClientServiceSpec.builder()
                                .type(ServiceType.NODE_PORT)
                                .build())
                        .build())
                .build();
        assertThat(YamlText.of(standby(spec).getSpec())).isEqualTo("""
                ports:
                  - name: postgresql
                    port: 5432
                    protocol: TCP
                    targetPort: postgresql
                selector:
                  app.kubernetes.io/component: standby
                  app.kubernetes.io/instance: postgresql
                  app.kubernetes.io/name: postgresql
                type: NodePort
                """);
        assertThat(primary(spec).getSpec().getType()).isEqualTo("ClusterIP");
    }

    @Test
    void members_find_each_other_while_none_is_ready() {
        assertThat(YamlText.of(DatabaseService.peers(Installation.of(Examples.standard()))))
                .isEqualTo("""
                apiVersion: v1
                kind: Service
                metadata:
                  labels:
                    app.kubernetes.io/component: primary
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/managed-by: postgresql-ha
                    app.kubernetes.io/name: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                    app.kubernetes.io/version: "17"
                  name: postgresql-peers
                  namespace: airflow
                spec:
                  clusterIP: None
                  ports:
                    - name: postgresql
                      port: 5432
                      protocol: TCP
                      targetPort: postgresql
                  publishNotReadyAddresses: true
                  selector:
                    postgresqlha.github.io/member: postgresql
                  type: ClusterIP
                """);
    }

    @Test
    void both_kinds_of_services_have_the_families_of_addresses_of_the_specification() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .network(NetworkSpec.builder()
                        .ipFamilyPolicy(IpFamilyPolicy.PREFER_DUAL_STACK)
                        .build())
                .build();
        assertThat(YamlText.of(primary(spec).getSpec())).isEqualTo("""
                ipFamilyPolicy: PreferDualStack
                ports:
                  - name: postgresql
                    port: 5432
                    protocol: TCP
                    targetPort: postgresql
                selector:
                  app.kubernetes.io/component: primary
                  app.kubernetes.io/instance: postgresql
                  app.kubernetes.io/name: postgresql
                type: ClusterIP
                """);
        assertThat(YamlText.of(DatabaseService.peers(Installation.of(spec)).getSpec()))
                .isEqualTo("""
                clusterIP: None
                ipFamilyPolicy: PreferDualStack
                ports:
                  - name: postgresql
                    port: 5432
                    protocol: TCP
                    targetPort: postgresql
                publishNotReadyAddresses: true
                selector:
                  postgresqlha.github.io/member: postgresql
                type: ClusterIP
                """);
    }

    private static Service primary(PostgresqlHaSpec spec) {
        Installation installation = Installation.of(spec);
        return DatabaseService.of(installation, installation.primary());
    }

    private static Service standby(PostgresqlHaSpec spec) {
        Installation installation = Installation.of(spec);
        return DatabaseService.of(installation, installation.standbys().get(0));
    }
}
