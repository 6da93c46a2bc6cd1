package io.github.postgresqlha.backup;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.OffsiteSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who the jobs of the copy are to a cloud's storage, where no credential stands in a Secret. The account has no rights in the cluster and
 * no token of the Kubernetes API: what AWS and Azure take for an identity is a token of its own, which their webhooks project into the pod
 * whatever {@code automountServiceAccountToken} says; Google's metadata server asks the node.
 *
 * @see <a href="https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html">IAM roles for service accounts</a>
 * @see <a href="https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity">Workload Identity of GKE</a>
 * @see <a href="https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html">Azure's workload identity</a>
 */
record OffsiteIdentity(Installation installation, OffsiteSpec spec) {

    private boolean isOwn() {
        return !spec.rclone().isEmpty() || !spec.serviceAccountAnnotations().isEmpty();
    }

    /** An account of the copy's own, or none: then its jobs have that of all jobs. */
    List<ServiceAccount> accounts() {
        return isOwn()
                ? List.of(new ServiceAccountBuilder()
                        .withMetadata(installation.metadata(installation.names().offsite(), Component.ACCESS))
                        .editMetadata()
                        .addToAnnotations(spec.serviceAccountAnnotations())
                        .endMetadata()
                        .withAutomountServiceAccountToken(false)
                        .build())
                : List.of();
    }

    /** The job with this identity. */
    CronJob give(CronJob job) {
        if (!isOwn() && spec.podLabels().isEmpty()) {
            return job;
        }
        CronJobBuilder given = new CronJobBuilder(job);
        var template = given.editSpec().editJobTemplate().editSpec().editTemplate();
        template.editMetadata().addToLabels(spec.podLabels()).endMetadata();
        if (isOwn()) {
            template.editSpec()
                    .withServiceAccountName(installation.names().offsite())
                    .endSpec();
        }
        template.endTemplate().endSpec().endJobTemplate().endSpec();
        return given.build();
    }

    /** The remote's keys as variables, in the names that rclone reads. */
    Map<String, String> variables() {
        String remote = spec.remote().substring(0, spec.remote().indexOf(':')).toUpperCase(Locale.ROOT);
        Map<String, String> variables = new TreeMap<>();
        spec.rclone()
                .forEach((key, value) ->
                        variables.put("RCLONE_CONFIG_" + remote + "_" + key.toUpperCase(Locale.ROOT), value));
        return variables;
    }

    /** To where the pod asks for its identity. */
    List<NetworkPolicyEgressRule> egress() {
        return spec.identityEndpoints().stream()
                .map(endpoint -> endpoint.split(":"))
                .map(endpoint -> new NetworkPolicyEgressRuleBuilder()
                        .addNewTo()
                        .withNewIpBlock()
                        .withCidr(endpoint[0] + "/32")
                        .endIpBlock()
                        .endTo()
                        .withPorts(new NetworkPolicyPort(null, new IntOrString(Integer.parseInt(endpoint[1])), "TCP"))
                        .build())
                .toList();
    }
}
