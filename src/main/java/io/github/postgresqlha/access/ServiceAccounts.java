package io.github.postgresqlha.access;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import java.util.List;

/** The identities of the pods. Only a pod in which Patroni runs gets a token: no other program talks to the Kubernetes API. */
final class ServiceAccounts {

    private ServiceAccounts() {}

    static List<ServiceAccount> all(Installation installation) {
        return List.of(
                account(installation, installation.names().instanceServiceAccount()),
                account(installation, installation.names().jobsServiceAccount()));
    }

    private static ServiceAccount account(Installation installation, String name) {
        return new ServiceAccountBuilder()
                .withMetadata(installation.metadata(name, Component.ACCESS))
                .editMetadata()
                .addToAnnotations(installation.spec().serviceAccountAnnotations())
                .endMetadata()
                .withAutomountServiceAccountToken(false)
                .build();
    }
}
