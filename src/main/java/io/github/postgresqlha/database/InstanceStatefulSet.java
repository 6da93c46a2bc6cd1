package io.github.postgresqlha.database;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Labels;
import io.github.postgresqlha.installation.Member;

/**
 * The StatefulSet of one instance: one pod, which Kubernetes never runs twice.
 *
 * <p>{@code replicas} is left out (it defaults to 1), so that a failover by {@code kubectl scale} is not undone when the
 * manifests are applied again.
 */
final class InstanceStatefulSet {

    private InstanceStatefulSet() {}

    static StatefulSet of(Instance instance) {
        Installation installation = instance.installation();
        Member member = instance.member();
        return new StatefulSetBuilder()
                .withMetadata(installation.neverForced(installation.metadata(member.instance(), member)))
                .withNewSpec()
                .withServiceName(installation.names().peers())
                .withSelector(Labels.selector(installation.labels().selecting(member)))
                .withNewUpdateStrategy()
                .withType("RollingUpdate")
                .endUpdateStrategy()
                .withTemplate(InstancePod.template(instance))
                .endSpec()
                .build();
    }
}
