package io.github.postgresqlha.network;

import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.kubernetes.Manifest;
import software.constructs.Construct;

/** The NetworkPolicies of an installation. */
public final class DatabaseNetwork extends Manifest {

    /** Lets in the product's own pods, pods with the label {@code NAME-client}, and the specification's clients. */
    public DatabaseNetwork(Construct scope, String id, Installation installation, NetworkSpec spec) {
        super(scope, id, new Policies(installation, Clients.of(installation, spec), spec.apiServerCidr()).all());
    }
}
