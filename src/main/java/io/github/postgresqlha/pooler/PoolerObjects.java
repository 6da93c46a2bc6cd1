package io.github.postgresqlha.pooler;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.Ports;
import io.github.postgresqlha.spec.IpFamilyPolicy;
import java.util.ArrayList;
import java.util.List;

/** The objects of the pooler. */
public final class PoolerObjects {

    private PoolerObjects() {}

    /** None where the specification wants none. */
    public static List<HasMetadata> of(Installation installation) {
        if (!installation.spec().pooler().enabled()) {
            return List.of();
        }
        List<HasMetadata> objects = new ArrayList<>(List.of(
                new PoolerConfiguration(installation).configMap(),
                PoolerDeployment.of(installation),
                service(installation, installation.names().pooler(), PoolerPod.WRITE)));
        if (installation.spec().pooler().readOnly()) {
            objects.add(service(installation, installation.names().poolerRead(), PoolerPod.READ));
        }
        objects.add(budget(installation));
        return List.copyOf(objects);
    }

    private static Service service(Installation installation, String name, String port) {
        return new ServiceBuilder()
                .withMetadata(installation.metadata(name, Component.POOLER))
                .withNewSpec()
                .withType("ClusterIP")
                .withIpFamilyPolicy(installation
                        .spec()
                        .network()
                        .ipFamilyPolicy()
                        .map(IpFamilyPolicy::toString)
                        .orElse(null))
                .withSelector(installation.labels().selecting(Component.POOLER))
                .addNewPort()
                .withName(Ports.POSTGRESQL_NAME)
                .withPort(Ports.POOLER)
                .withTargetPort(new IntOrString(port))
                .withProtocol("TCP")
                .endPort()
                .endSpec()
                .build();
    }

    /** A pod that is not ready may always be evicted: it would block the drain for nothing. */
    private static PodDisruptionBudget budget(Installation installation) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(installation.metadata(installation.names().pooler(), Component.POOLER))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withSelector(installation.labels().pods(Component.POOLER))
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .endSpec()
                .build();
    }
}
