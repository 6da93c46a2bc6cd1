package io.github.postgresqlha.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.Variable;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.plan.PartName;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.spec.AdmissionSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AdmissionObjectsTest {

    private static final Pattern ASKED = Pattern.compile("variables\\.(\\w+)");

    @Test
    void there_are_none_unless_they_are_wanted() {
        assertThat(Plan.parts(Installation.of(Examples.standard())))
                .noneMatch(part -> part.name() == PartName.ADMISSION);
    }

    @Test
    void names_are_of_the_cluster_and_of_one_installation_in_it() {
        assertThat(policies(Examples.otherNames()))
                .extracting(policy -> policy.getMetadata().getName())
                .containsExactly(
                        "reports.data.claims",
                        "reports.data.delete",
                        "reports.data.exec",
                        "reports.data.members",
                        "reports.data.revisions",
                        "reports.data.settings",
                        "reports.data.together",
                        "reports.data.use");
        assertThat(objects(Examples.otherNames()))
                .allSatisfy(object ->
                        assertThat(object.getMetadata().getNamespace()).isNull());
    }

    @Test
    void each_reaches_one_namespace_and_refuses_there_what_it_cannot_judge() {
        assertThat(policies(Examples.otherNames())).allSatisfy(policy -> {
            assertThat(policy.getSpec().getFailurePolicy()).isEqualTo("Fail");
            assertThat(policy.getSpec()
                            .getMatchConstraints()
                            .getNamespaceSelector()
                            .getMatchLabels())
                    .isEqualTo(Map.of("kubernetes.io/metadata.name", "data"));
        });
    }

    @Test
    void each_has_a_binding_that_denies() {
        assertThat(objects(Examples.otherNames()))
                .filteredOn(ValidatingAdmissionPolicyBinding.class::isInstance)
                .hasSize(8)
                .allSatisfy(object -> {
                    ValidatingAdmissionPolicyBinding binding = (ValidatingAdmissionPolicyBinding) object;
                    assertThat(binding.getSpec().getPolicyName())
                            .isEqualTo(binding.getMetadata().getName());
                    assertThat(binding.getSpec().getValidationActions()).containsExactly("Deny");
                });
    }

    @Test
    void what_is_protected_is_what_the_installation_has() {
        Map<String, String> known = variables(policy(Examples.otherNames(), "use"));
        assertThat(known)
                .containsEntry("installation", "'reports'")
                .containsEntry("memberPods", "['reports-primary-0', 'reports-standby-0']")
                .containsEntry("secrets", "['reports-ca-key', 'reports-passwords', 'reports-tls']")
                .containsEntry(
                        "claims",
                        "['data-reports-primary', 'data-reports-standby', 'reports-backup', 'wal-reports-primary',"
                                + " 'wal-reports-standby']")
                .containsEntry("accounts", "['reports-instance', 'reports-jobs']");
        assertThat(known.get("workloads")).contains("'StatefulSet/reports-primary'", "'CronJob/reports-backup'");
    }

    @Test
    void the_secret_of_the_copy_outside_and_its_account_are_protected_as_well() {
        assertThat(variables(policy(Examples.offsite(), "delete")))
                .containsEntry(
                        "secrets", "['postgresql-ca-key', 'postgresql-rclone', 'postgresql-secret', 'postgresql-tls']");
        assertThat(variables(policy(Examples.identity(), "use")).get("accounts"))
                .contains("'postgresql-offsite'");
    }

    @Test
    void scripts_and_settings_are_protected() {
        assertThat(variables(policy(Examples.otherNames(), "settings")).get("configMaps"))
                .contains("'reports-config'", "'reports-scripts");
    }

    @Test
    void further_controllers_are_known_beside_kubernetes_own() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .admission(AdmissionSpec.builder()
                        .enabled(true)
                        .addController("ops")
                        .build())
                .build();
        assertThat(variables(policy(spec, "use")).get("controllers"))
                .contains("'ops'", "'system:serviceaccount:kube-system:statefulset-controller'");
    }

    /** CEL has them in their order, and a constant that nobody asks is noise. */
    @Test
    void each_variable_stands_before_those_that_ask_it_and_is_asked() {
        assertThat(policies(Examples.standard())).allSatisfy(policy -> {
            Set<String> before = new HashSet<>();
            for (Variable variable : policy.getSpec().getVariables()) {
                assertThat(before)
                        .as(policy.getMetadata().getName() + ", " + variable.getName())
                        .containsAll(asked(variable.getExpression()));
                before.add(variable.getName());
            }
            Set<String> used = asked(policy.getSpec().toString());
            assertThat(before).as(policy.getMetadata().getName()).isEqualTo(used);
        });
    }

    private static Set<String> asked(String text) {
        return ASKED.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());
    }

    private static Map<String, String> variables(ValidatingAdmissionPolicy policy) {
        return policy.getSpec().getVariables().stream()
                .collect(Collectors.toMap(Variable::getName, Variable::getExpression));
    }

    private static ValidatingAdmissionPolicy policy(PostgresqlHaSpec spec, String suffix) {
        return policies(spec).stream()
                .filter(policy -> policy.getMetadata().getName().endsWith("." + suffix))
                .findFirst()
                .orElseThrow();
    }

    private static List<ValidatingAdmissionPolicy> policies(PostgresqlHaSpec spec) {
        return objects(spec).stream()
                .flatMap(object ->
                        object instanceof ValidatingAdmissionPolicy policy ? Stream.of(policy) : Stream.empty())
                .toList();
    }

    private static List<HasMetadata> objects(PostgresqlHaSpec spec) {
        AdmissionSpec admission =
                AdmissionSpec.builder().from(spec.admission()).enabled(true).build();
        PostgresqlHaSpec enabled =
                PostgresqlHaSpec.builder().from(spec).admission(admission).build();
        return Plan.parts(Installation.of(enabled)).stream()
                .filter(part -> part.name() == PartName.ADMISSION)
                .flatMap(part -> part.objects().stream())
                .toList();
    }
}
