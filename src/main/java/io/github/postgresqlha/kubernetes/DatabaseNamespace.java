package io.github.postgresqlha.kubernetes;

import java.util.List;
import software.constructs.Construct;

/** The namespace of an installation. */
public final class DatabaseNamespace extends Manifest {

    /** The namespace object. */
    public DatabaseNamespace(Construct scope, String id, Installation installation) {
        super(scope, id, List.of(Namespaces.of(installation)));
    }
}
