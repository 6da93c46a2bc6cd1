package io.github.postgresqlha.database;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.kubernetes.Manifest;
import io.github.postgresqlha.kubernetes.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.constructs.Construct;

/** The standbys, which stream from the primary and can take over. */
public final class StandbyDatabase extends Manifest {

    private final Installation installation;

    /** The standby of a primary whose installation has one; it gets claims of its own where the primary has them. */
    public StandbyDatabase(Construct scope, String id, PrimaryDatabase primary, StandbyDatabaseSpec spec) {
        super(scope, id, objects(primary, spec));
        this.installation = primary.installation();
        if (primary.hasCompanions()) {
            new DatabaseStorage(this, "storage", installation, Map.of(Component.STANDBY, spec.storage()));
        }
    }

    /** The Service by which clients reach this instance. */
    public String serviceName() {
        return installation.names().standby();
    }

    private static List<HasMetadata> objects(PrimaryDatabase primary, StandbyDatabaseSpec spec) {
        Installation installation = primary.installation();
        List<HasMetadata> objects = new ArrayList<>();
        for (Member member : installation.standbys()) {
            objects.add(InstanceStatefulSet.of(new Instance(
                    installation, member, spec.resources(), spec.nodeSelector(), primary.restartChecksum())));
        }
        objects.add(DatabaseService.of(installation, installation.member(Component.STANDBY)));
        return List.copyOf(objects);
    }
}
