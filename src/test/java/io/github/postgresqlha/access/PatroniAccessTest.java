package io.github.postgresqlha.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatroniAccessTest {

    private final List<HasMetadata> objects = PatroniAccess.all(Installation.of(Examples.automatic()));

    @Test
    void patroni_writes_the_config_maps_of_its_state_and_the_pods_of_the_members() {
        assertThat(YamlText.of(((Role) objects.get(0)).getRules())).isEqualTo("""
                  - apiGroups:
                      - ""
                    resources:
                      - configmaps
                    verbs:
                      - create
                      - list
                      - watch
                  - apiGroups:
                      - ""
                    resourceNames:
                      - postgresql-patroni-config
                      - postgresql-patroni-failover
                      - postgresql-patroni-failsafe
                      - postgresql-patroni-leader
                      - postgresql-patroni-sync
                    resources:
                      - configmaps
                    verbs:
                      - get
                      - patch
                      - update
                  - apiGroups:
                      - ""
                    resources:
                      - pods
                    verbs:
                      - list
                      - watch
                  - apiGroups:
                      - ""
                    resourceNames:
                      - postgresql-primary-0
                      - postgresql-standby-0
                      - postgresql-standby-2-0
                    resources:
                      - pods
                    verbs:
                      - patch
                """);
    }

    @Test
    void the_role_is_called_after_the_scope() {
        assertThat(YamlText.of(objects.get(0).getMetadata())).isEqualTo("""
                labels:
                  app.kubernetes.io/component: access
                  app.kubernetes.io/instance: postgresql
                  app.kubernetes.io/managed-by: postgresql-ha
                  app.kubernetes.io/name: postgresql
                  app.kubernetes.io/part-of: postgresql-ha
                  app.kubernetes.io/version: "17"
                name: postgresql-patroni
                namespace: airflow
                """);
    }

    @Test
    void the_account_of_the_members_has_the_role() {
        assertThat(YamlText.of(objects.get(1))).isEqualTo("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata:
                  labels:
                    app.kubernetes.io/component: access
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/managed-by: postgresql-ha
                    app.kubernetes.io/name: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                    app.kubernetes.io/version: "17"
                  name: postgresql-patroni
                  namespace: airflow
                roleRef:
                  apiGroup: rbac.authorization.k8s.io
                  kind: Role
                  name: postgresql-patroni
                subjects:
                  - kind: ServiceAccount
                    name: postgresql-instance
                    namespace: airflow
                """);
    }
}
