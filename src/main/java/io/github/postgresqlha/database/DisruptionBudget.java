package io.github.postgresqlha.database;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;

/** One budget over both instances: a node may be drained, but never the nodes of both at once. */
final class DisruptionBudget {

    private DisruptionBudget() {}

    /** A pod that is not ready may always be evicted: it would block the drain for nothing. */
    static PodDisruptionBudget of(Installation installation) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(installation.metadata(installation.names().name(), Component.PRIMARY))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withSelector(installation.labels().members())
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .endSpec()
                .build();
    }
}
