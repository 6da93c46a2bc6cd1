package io.github.postgresqlha.access;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.Labels;
import io.github.postgresqlha.kubernetes.Metadata;
import io.github.postgresqlha.kubernetes.ObjectNames;
import java.util.List;

/** The identities of the pods. None of them gets a token: no program of the product talks to the Kubernetes API. */
final class ServiceAccounts {

    private ServiceAccounts() {}

    static List<ServiceAccount> all(ObjectNames names, Labels labels) {
        return List.of(
                account(names, names.instanceServiceAccount(), labels),
                account(names, names.jobsServiceAccount(), labels));
    }

    private static ServiceAccount account(ObjectNames names, String name, Labels labels) {
        return new ServiceAccountBuilder()
                .withMetadata(Metadata.of(names, name, labels.of(Component.ACCESS)))
                .withAutomountServiceAccountToken(false)
                .build();
    }
}
