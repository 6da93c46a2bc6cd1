package io.github.postgresqlha.database;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.Labels;
import io.github.postgresqlha.kubernetes.Metadata;
import io.github.postgresqlha.kubernetes.ObjectNames;

/** One budget over both instances: a node may be drained, but never the nodes of both at once. */
final class DisruptionBudget {

    private DisruptionBudget() {}

    /** A pod that is not ready may always be evicted: it would block the drain for nothing. */
    static PodDisruptionBudget of(ObjectNames names, Labels labels) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(Metadata.of(names, names.name(), labels.of(Component.PRIMARY)))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withSelector(labels.members())
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .endSpec()
                .build();
    }
}
