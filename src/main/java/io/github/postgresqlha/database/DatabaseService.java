package io.github.postgresqlha.database;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.Labels;
import io.github.postgresqlha.kubernetes.Metadata;
import io.github.postgresqlha.kubernetes.ObjectNames;
import io.github.postgresqlha.kubernetes.Ports;

/** The Services through which clients and the instances find each other. */
final class DatabaseService {

    private DatabaseService() {}

    /** The address of one instance: it follows the instance, whatever its role, and only while it is ready. */
    static Service ofInstance(ObjectNames names, Labels labels, String instance, Component component) {
        return new ServiceBuilder()
                .withMetadata(Metadata.of(names, instance, labels.of(component)))
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(labels.selecting(component))
                .withPorts(port())
                .endSpec()
                .build();
    }

    /**
     * The names of both pods, ready or not: an instance that starts has to find its peer while neither is ready.
     * It governs every StatefulSet of the installation.
     */
    static Service peers(ObjectNames names, Labels labels) {
        return new ServiceBuilder()
                .withMetadata(Metadata.of(names, names.peers(), labels.of(Component.PRIMARY)))
                .withNewSpec()
                .withType("ClusterIP")
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(labels.members().getMatchLabels())
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
