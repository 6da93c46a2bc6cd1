package io.github.postgresqlha.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.WalArchiveSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Excerpt;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolesTest {

    @Test
    void there_is_one_to_act_and_one_to_look() {
        assertThat(YamlText.of(Excerpt.names(Roles.all(Installation.of(Examples.otherNames())))))
                .isEqualTo("""
                  - Role reports-operator
                  - Role reports-viewer
                """);
    }

    @Test
    void a_role_lies_in_the_namespace_of_the_installation() {
        assertThat(YamlText.of(role(Examples.otherNames(), 1).getMetadata())).isEqualTo("""
                labels:
                  app.kubernetes.io/component: access
                  app.kubernetes.io/instance: reports
                  app.kubernetes.io/managed-by: postgresql-ha
                  app.kubernetes.io/name: postgresql
                  app.kubernetes.io/part-of: postgresql-ha
                  app.kubernetes.io/version: "17"
                name: reports-viewer
                namespace: data
                """);
    }

    @Test
    void the_viewer_looks_at_everything_but_secrets() {
        assertThat(YamlText.of(role(Examples.standard(), 1).getRules())).isEqualTo("""
                  - apiGroups:
                      - ""
                    resources:
                      - configmaps
                      - events
                      - persistentvolumeclaims
                      - pods
                      - services
                    verbs:
                      - get
                      - list
                      - watch
                  - apiGroups:
                      - ""
                    resources:
                      - pods/log
                    verbs:
                      - get
                  - apiGroups:
                      - apps
                    resources:
                      - deployments
                      - replicasets
                      - statefulsets
                    verbs:
                      - get
                      - list
                      - watch
                  - apiGroups:
                      - batch
                    resources:
                      - cronjobs
                      - jobs
                    verbs:
                      - get
                      - list
                      - watch
                  - apiGroups:
                      - metrics.k8s.io
                    resources:
                      - pods
                    verbs:
                      - get
                      - list
                  - apiGroups:
                      - networking.k8s.io
                    resources:
                      - networkpolicies
                    verbs:
                      - get
                      - list
                      - watch
                  - apiGroups:
                      - policy
                    resources:
                      - poddisruptionbudgets
                    verbs:
                      - get
                      - list
                      - watch
                """);
    }

    @Test
    void the_operator_looks_as_the_viewer_does() {
        assertThat(role(Examples.standard(), 0).getRules())
                .startsWith(role(Examples.standard(), 1).getRules().toArray(PolicyRule[]::new));
    }

    @Test
    void the_operator_acts_on_pods_members_and_jobs() {
        assertThat(YamlText.of(acting(Examples.standard()))).isEqualTo("""
                  - apiGroups:
                      - ""
                    resources:
                      - pods
                    verbs:
                      - delete
                  - apiGroups:
                      - ""
                    resources:
                      - pods/exec
                    verbs:
                      - create
                      - get
                  - apiGroups:
                      - apps
                    resourceNames:
                      - postgresql-primary
                      - postgresql-standby
                    resources:
                      - statefulsets
                    verbs:
                      - patch
                  - apiGroups:
                      - apps
                    resourceNames:
                      - postgresql-primary
                      - postgresql-standby
                    resources:
                      - statefulsets/scale
                    verbs:
                      - get
                      - patch
                      - update
                  - apiGroups:
                      - batch
                    resourceNames:
                      - postgresql-backup
                      - postgresql-health-check
                      - postgresql-base-backup
                    resources:
                      - cronjobs
                    verbs:
                      - patch
                  - apiGroups:
                      - batch
                    resources:
                      - jobs
                    verbs:
                      - create
                      - delete
                """);
    }

    @Test
    void the_operator_of_a_single_instance_scales_that() {
        assertThat(YamlText.of(acting(Examples.single()).get(3).getResourceNames()))
                .isEqualTo("""
                  - postgresql-primary
                """);
    }

    @Test
    void the_operator_of_several_standbys_scales_each() {
        assertThat(YamlText.of(acting(Examples.automatic()).get(3).getResourceNames()))
                .isEqualTo("""
                  - postgresql-primary
                  - postgresql-standby
                  - postgresql-standby-2
                """);
    }

    @Test
    void where_no_base_backups_are_taken_there_is_no_job_of_them_to_patch() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .backup(BackupScheduleSpec.builder()
                        .walArchive(WalArchiveSpec.builder().enabled(false).build())
                        .build())
                .build();
        assertThat(YamlText.of(acting(spec).get(4))).isEqualTo("""
                apiGroups:
                  - batch
                resourceNames:
                  - postgresql-backup
                  - postgresql-health-check
                resources:
                  - cronjobs
                verbs:
                  - patch
                """);
    }

    /** What the operator may beyond the viewer. */
    private static List<PolicyRule> acting(PostgresqlHaSpec spec) {
        List<PolicyRule> rules = role(spec, 0).getRules();
        return rules.subList(role(spec, 1).getRules().size(), rules.size());
    }

    private static Role role(PostgresqlHaSpec spec, int index) {
        return Roles.all(Installation.of(spec)).get(index);
    }
}
