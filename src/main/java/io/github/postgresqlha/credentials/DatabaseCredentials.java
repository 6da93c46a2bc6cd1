package io.github.postgresqlha.credentials;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.kubernetes.Manifest;
import java.util.List;
import software.constructs.Construct;

/** The Secret of an installation: without values, and not there at all where an existing one is used. */
public final class DatabaseCredentials extends Manifest {

    /** Adds the Secret that the installation names, unless the specification says that somebody else owns it. */
    public DatabaseCredentials(Construct scope, String id, Installation installation, CredentialsSpec spec) {
        super(scope, id, objects(installation, spec));
    }

    private static List<HasMetadata> objects(Installation installation, CredentialsSpec spec) {
        return spec.existingSecret().isPresent() ? List.of() : List.of(PasswordSecret.of(installation));
    }
}
