package io.github.postgresqlha.database;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.PodAffinity;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAntiAffinity;
import io.fabric8.kubernetes.api.model.PodAntiAffinityBuilder;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTermBuilder;
import io.github.postgresqlha.installation.Labels;
import java.util.List;

/** Where an instance prefers to run: away from its peer, so that one node or zone is never both. */
final class InstanceAffinity {

    private static final int NODE_WEIGHT = 100;
    private static final int ZONE_WEIGHT = 50;

    private InstanceAffinity() {}

    /**
     * Preferred, not required: two instances on one node are better than one.
     *
     * @param required terms that other volumes of the pod impose
     */
    static Affinity of(Labels labels, List<PodAffinityTerm> required) {
        return new AffinityBuilder()
                .withPodAntiAffinity(apart(labels))
                .withPodAffinity(required.isEmpty() ? null : new PodAffinity(null, required))
                .build();
    }

    private static PodAntiAffinity apart(Labels labels) {
        return new PodAntiAffinityBuilder()
                .withPreferredDuringSchedulingIgnoredDuringExecution(
                        awayFromMembers(labels, "kubernetes.io/hostname", NODE_WEIGHT),
                        awayFromMembers(labels, "topology.kubernetes.io/zone", ZONE_WEIGHT))
                .build();
    }

    private static WeightedPodAffinityTerm awayFromMembers(Labels labels, String topologyKey, int weight) {
        return new WeightedPodAffinityTermBuilder()
                .withWeight(weight)
                .withNewPodAffinityTerm()
                .withLabelSelector(labels.members())
                .withTopologyKey(topologyKey)
                .endPodAffinityTerm()
                .build();
    }
}
