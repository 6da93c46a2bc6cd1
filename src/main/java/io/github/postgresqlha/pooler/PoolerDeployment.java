package io.github.postgresqlha.pooler;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;

/** The pooler's pods: all alike, and each on a node of its own where there are enough. */
final class PoolerDeployment {

    private static final int NODE_WEIGHT = 100;
    private static final int ZONE_WEIGHT = 50;

    private PoolerDeployment() {}

    /** Never more than one pod more than there have to be: each has sessions of the server. */
    static Deployment of(Installation installation) {
        return new DeploymentBuilder()
                .withMetadata(installation.metadata(installation.names().pooler(), Component.POOLER))
                .withNewSpec()
                .withReplicas(installation.spec().pooler().replicas())
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxSurge(new IntOrString(0))
                .withMaxUnavailable(new IntOrString(1))
                .endRollingUpdate()
                .endStrategy()
                .withSelector(installation.labels().pods(Component.POOLER))
                .withTemplate(new PoolerPod(installation).template(apart(installation)))
                .endSpec()
                .build();
    }

    private static Affinity apart(Installation installation) {
        return new AffinityBuilder()
                .withNewPodAntiAffinity()
                .withPreferredDuringSchedulingIgnoredDuringExecution(
                        away(installation, "kubernetes.io/hostname", NODE_WEIGHT),
                        away(installation, "topology.kubernetes.io/zone", ZONE_WEIGHT))
                .endPodAntiAffinity()
                .build();
    }

    private static WeightedPodAffinityTerm away(Installation installation, String topologyKey, int weight) {
        return new WeightedPodAffinityTermBuilder()
                .withWeight(weight)
                .withNewPodAffinityTerm()
                .withLabelSelector(installation.labels().pods(Component.POOLER))
                .withTopologyKey(topologyKey)
                .endPodAffinityTerm()
                .build();
    }
}
