package io.github.postgresqlha.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.AdmissionSpec;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.PoolerSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.WalArchiveSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Excerpt;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolesTest {

    @Test
    void there_are_two_to_act_and_one_to_look() {
        assertThat(YamlText.of(Excerpt.names(Roles.all(Installation.of(Examples.otherNames())))))
                .isEqualTo("""
                  - Role reports-operator
                  - Role reports-maintainer
                  - Role reports-viewer
                """);
    }

    @Test
    void a_role_lies_in_the_namespace_of_the_installation() {
        assertThat(YamlText.of(role(Examples.otherNames(), 2).getMetadata())).isEqualTo("""
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
        assertThat(YamlText.of(role(Examples.standard(), 2).getRules())).isEqualTo("""
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
    void who_acts_looks_as_the_viewer_does() {
        PolicyRule[] viewer = role(Examples.standard(), 2).getRules().toArray(PolicyRule[]::new);
        assertThat(role(Examples.standard(), 0).getRules()).startsWith(viewer);
        assertThat(role(Examples.standard(), 1).getRules()).startsWith(viewer);
    }

    @Test
    void the_operator_acts_on_the_members_by_their_names() {
        assertThat(YamlText.of(acting(Examples.standard(), 0))).isEqualTo("""
                  - apiGroups:
                      - ""
                    resourceNames:
                      - postgresql-primary-0
                      - postgresql-standby-0
                    resources:
                      - pods
                    verbs:
                      - delete
                  - apiGroups:
                      - ""
                    resourceNames:
                      - postgresql-primary-0
                      - postgresql-standby-0
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
                      - statefulsets/scale
                    verbs:
                      - get
                      - patch
                      - update
                """);
    }

    @Test
    void the_maintainer_acts_on_jobs_workloads_and_claims() {
        assertThat(YamlText.of(acting(Examples.standard(), 1))).isEqualTo("""
                  - apiGroups:
                      - ""
                    resources:
                      - pods/exec
                    verbs:
                      - create
                      - get
                  - apiGroups:
                      - ""
                    resources:
                      - persistentvolumeclaims
                    verbs:
                      - create
                  - apiGroups:
                      - ""
                    resourceNames:
                      - data-postgresql-primary
                      - wal-postgresql-primary
                      - data-postgresql-standby
                      - wal-postgresql-standby
                      - postgresql-backup
                    resources:
                      - persistentvolumeclaims
                    verbs:
                      - delete
                      - patch
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
                      - batch
                    resourceNames:
                      - postgresql-backup
                      - postgresql-health-check
                      - postgresql-base-backup
                      - postgresql-restore-test
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
    void the_operator_scales_each_member() {
        assertThat(acting(Examples.single(), 0).get(2).getResourceNames()).containsExactly("postgresql-primary");
        assertThat(acting(Examples.automatic(), 0).get(2).getResourceNames())
                .containsExactly("postgresql-primary", "postgresql-standby", "postgresql-standby-2");
    }

    @Test
    void the_maintainer_restarts_the_pooler_and_no_other_deployment() {
        PostgresqlHaSpec pooled = PostgresqlHaSpec.builder()
                .pooler(PoolerSpec.builder().enabled(true).build())
                .build();
        assertThat(acting(pooled, 1))
                .filteredOn(rule -> rule.getResources().contains("deployments"))
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.getVerbs()).containsExactly("patch");
                    assertThat(rule.getResourceNames()).containsExactly("postgresql-pooler");
                });
        assertThat(acting(pooled, 0)).isEqualTo(acting(Examples.standard(), 0));
    }

    @Test
    void the_jobs_to_patch_are_those_that_there_are() {
        PostgresqlHaSpec without = PostgresqlHaSpec.builder()
                .backup(BackupScheduleSpec.builder()
                        .walArchive(WalArchiveSpec.builder().enabled(false).build())
                        .build())
                .build();
        assertThat(acting(without, 1).get(4).getResourceNames()).doesNotContain("postgresql-base-backup");
        assertThat(acting(Examples.offsite(), 1).get(4).getResourceNames())
                .contains("postgresql-offsite", "postgresql-offsite-fetch");
    }

    @Test
    void who_acts_is_known_to_the_policies_of_admission() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .from(Examples.otherNames())
                .admission(AdmissionSpec.builder().enabled(true).build())
                .build();
        assertThat(role(spec, 0).getRules().toString())
                .contains("installations", "resourceNames=[reports], ", "manage");
        assertThat(role(spec, 1).getRules().toString()).contains("installations");
        assertThat(role(spec, 2).getRules().toString()).doesNotContain("installations");
    }

    /** What a role may beyond the viewer. */
    private static List<PolicyRule> acting(PostgresqlHaSpec spec, int index) {
        List<PolicyRule> rules = role(spec, index).getRules();
        return rules.subList(role(spec, 2).getRules().size(), rules.size());
    }

    private static Role role(PostgresqlHaSpec spec, int index) {
        return Roles.all(Installation.of(spec)).get(index);
    }
}
