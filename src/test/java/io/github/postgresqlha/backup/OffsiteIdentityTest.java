package io.github.postgresqlha.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import java.util.List;
import org.junit.jupiter.api.Test;

class OffsiteIdentityTest {

    private final List<HasMetadata> objects = objects(Examples.identity());

    @Test
    void the_account_is_the_copy_s_own_and_has_no_token() {
        ServiceAccount account = of(objects, ServiceAccount.class).get(0);
        assertThat(account.getMetadata().getName()).isEqualTo("postgresql-offsite");
        assertThat(account.getMetadata().getAnnotations())
                .containsEntry("eks.amazonaws.com/role-arn", "arn:aws:iam::123456789012:role/backups");
        assertThat(account.getAutomountServiceAccountToken()).isFalse();
    }

    @Test
    void both_jobs_have_it_and_no_secret() {
        assertThat(jobs(objects)).hasSize(2).allSatisfy(pod -> {
            assertThat(pod.getSpec().getServiceAccountName()).isEqualTo("postgresql-offsite");
            assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
            assertThat(pod.getMetadata().getLabels()).containsEntry("azure.workload.identity/use", "true");
            assertThat(pod.getSpec().getVolumes()).allMatch(volume -> volume.getSecret() == null);
            assertThat(pod.getSpec().getContainers().get(0).getEnv())
                    .contains(
                            new EnvVar("RCLONE_CONFIG_OFFSITE_TYPE", "s3", null),
                            new EnvVar("RCLONE_CONFIG_OFFSITE_ENV_AUTH", "true", null),
                            new EnvVar("OFFSITE_DELETES", "false", null))
                    .noneMatch(variable -> variable.getName().equals("RCLONE_CONFIG_FILE"));
        });
    }

    @Test
    void the_policy_lets_it_ask_for_its_identity() {
        NetworkPolicy policy = objects.stream()
                .filter(NetworkPolicy.class::isInstance)
                .map(NetworkPolicy.class::cast)
                .filter(found -> found.getMetadata().getName().equals("postgresql-offsite"))
                .findFirst()
                .orElseThrow();
        assertThat(policy.getSpec().getEgress()).hasSize(2);
        assertThat(policy.getSpec()
                        .getEgress()
                        .get(1)
                        .getTo()
                        .get(0)
                        .getIpBlock()
                        .getCidr())
                .isEqualTo("169.254.170.23/32");
        assertThat(policy.getSpec()
                        .getEgress()
                        .get(1)
                        .getPorts()
                        .get(0)
                        .getPort()
                        .getIntVal())
                .isEqualTo(80);
    }

    @Test
    void with_a_secret_everything_stays_as_it_was() {
        List<HasMetadata> secret = objects(Examples.offsite());
        assertThat(of(secret, ServiceAccount.class)).isEmpty();
        assertThat(jobs(secret)).allSatisfy(pod -> {
            assertThat(pod.getSpec().getServiceAccountName()).isEqualTo("postgresql-jobs");
            assertThat(pod.getSpec().getContainers().get(0).getEnv())
                    .extracting(EnvVar::getName)
                    .contains("RCLONE_CONFIG_FILE")
                    .doesNotContain("OFFSITE_DELETES");
        });
    }

    private static List<HasMetadata> objects(PostgresqlHaSpec spec) {
        return BackupObjects.of(Installation.of(spec));
    }

    private static List<PodTemplateSpec> jobs(List<HasMetadata> objects) {
        return of(objects, CronJob.class).stream()
                .filter(job -> job.getMetadata().getName().contains("offsite"))
                .map(job -> job.getSpec().getJobTemplate().getSpec().getTemplate())
                .toList();
    }

    private static <T> List<T> of(List<HasMetadata> objects, Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
