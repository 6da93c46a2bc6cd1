package io.github.postgresqlha.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.plan.Plan;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a specification demands of pods reaches the namespace and every pod. */
class PodSecurityTest {

    @Test
    void a_namespace_of_one_s_own_enforces_what_every_pod_keeps_to() {
        assertThat(Namespaces.of(installation("podSecurity: {enforce: restricted}"))
                        .getMetadata()
                        .getLabels())
                .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
    }

    @Test
    void every_pod_gets_a_user_namespace_of_its_own_where_that_is_wanted() {
        assertThat(hostUsers("podSecurity: {hostUsers: false}")).isNotEmpty().containsOnly("false");
        assertThat(hostUsers("name: postgresql")).isNotEmpty().containsOnly("null");
    }

    private static List<String> hostUsers(String yaml) {
        return Plan.parts(installation(yaml)).stream()
                .flatMap(part -> part.objects().stream())
                .flatMap(object -> PodSpecs.template(object).stream())
                .map(template -> String.valueOf(template.getSpec().getHostUsers()))
                .toList();
    }

    private static Installation installation(String yaml) {
        return Installation.of(ConfigurationFile.parse(yaml));
    }
}
