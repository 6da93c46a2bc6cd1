package io.github.postgresqlha.access;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.kubernetes.Manifest;
import java.util.List;
import java.util.stream.Stream;
import software.constructs.Construct;

/** ServiceAccounts of an installation's pods, and Roles for the people who run it. */
public final class DatabaseAccess extends Manifest {

    /** ServiceAccounts, Roles, and where Patroni runs what it may do. */
    public DatabaseAccess(Construct scope, String id, Installation installation) {
        super(scope, id, objects(installation));
    }

    private static List<HasMetadata> objects(Installation installation) {
        return Stream.of(
                        ServiceAccounts.all(installation),
                        installation.isAutomatic() ? PatroniAccess.all(installation) : List.<HasMetadata>of(),
                        Roles.all(installation))
                .<HasMetadata>flatMap(List::stream)
                .toList();
    }
}
