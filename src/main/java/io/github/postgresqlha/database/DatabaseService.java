package io.github.postgresqlha.database;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.kubernetes.Member;
import io.github.postgresqlha.kubernetes.Ports;

/** The Services through which clients and the instances find each other. */
final class DatabaseService {

    private DatabaseService() {}

    /** The address of one instance: it follows the instance, whatever its role, and only while it is ready. */
    static Service of(Installation installation, Member member) {
        return new ServiceBuilder()
                .withMetadata(installation.metadata(member.instance(), member.component()))
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(installation.labels().selecting(member.component()))
                .withPorts(port())
                .endSpec()
                .build();
    }

    /**
     * The names of both pods, ready or not: an instance that starts has to find its peer while neither is ready.
     * It governs every StatefulSet of the installation.
     */
    static Service peers(Installation installation) {
        return new ServiceBuilder()
                .withMetadata(installation.metadata(installation.names().peers(), Component.PRIMARY))
                .withNewSpec()
                .withType("ClusterIP")
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(installation.labels().members().getMatchLabels())
                .withPorts(port())
                .endSpec()
                .build();
    }

    private static ServicePort port() {
        return new ServicePortBuilder()
                .withName(Ports.POSTGRESQL_NAME)
                .withPort(Ports.POSTGRESQL)
                .withTargetPort(new IntOrString(Ports.POSTGRESQL_NAME))
                .withProtocol("TCP")
                .build();
    }
}
