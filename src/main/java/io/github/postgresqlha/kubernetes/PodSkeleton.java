package io.github.postgresqlha.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.github.postgresqlha.installation.ContainerImage;
import io.github.postgresqlha.installation.Installation;

/** What all pods of the product have in common, and what every container in them. */
public final class PodSkeleton {

    private PodSkeleton() {}

    /** A pod of the account, without a token for the Kubernetes API. */
    public static PodSpecBuilder pod(Installation installation, String serviceAccount) {
        return new PodSpecBuilder()
                .withServiceAccountName(serviceAccount)
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withHostUsers(installation.spec().podSecurity().hostUsers() ? null : false)
                .withSecurityContext(Hardening.pod())
                .withImagePullSecrets(installation.image().pullSecrets().stream()
                        .map(LocalObjectReference::new)
                        .toList());
    }

    /** A pod that runs once, or that stands beside the instances. */
    public static PodSpecBuilder job(Installation installation, String restartPolicy) {
        return pod(installation, installation.names().jobsServiceAccount()).withRestartPolicy(restartPolicy);
    }

    /** A container of the instances' image. */
    public static ContainerBuilder container(Installation installation, String name) {
        ContainerImage image = installation.image();
        return new ContainerBuilder()
                .withName(name)
                .withImage(image.reference())
                .withImagePullPolicy(image.pullPolicy().toString())
                .withSecurityContext(Hardening.container());
    }
}
