package io.github.postgresqlha.access;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.installation.Installation;
import java.util.List;
import java.util.stream.Stream;

/** ServiceAccounts of an installation's pods, and Roles for the people who run it. */
public final class AccessObjects {

    private AccessObjects() {}

    /** ServiceAccounts, Roles, and where Patroni runs what it may do. */
    public static List<HasMetadata> of(Installation installation) {
        return Stream.of(
                        ServiceAccounts.all(installation),
                        installation.isAutomatic() ? PatroniAccess.all(installation) : List.<HasMetadata>of(),
                        Roles.all(installation))
                .<HasMetadata>flatMap(List::stream)
                .toList();
    }
}
