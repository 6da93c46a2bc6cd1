package io.github.postgresqlha.database;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Member;
import io.github.postgresqlha.kubernetes.VolumeClaims;
import io.github.postgresqlha.metrics.Exporter;
import io.github.postgresqlha.script.ScriptConfigMaps;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The objects of an installation's instances. */
public final class DatabaseObjects {

    private DatabaseObjects() {}

    /** The claims: two for each instance. */
    public static List<HasMetadata> claims(Installation installation) {
        return installation.members().stream()
                .flatMap(member -> claims(new Instance(installation, member)))
                .toList();
    }

    private static Stream<HasMetadata> claims(Instance instance) {
        Installation installation = instance.installation();
        Member member = instance.member();
        return Stream.of(
                VolumeClaims.of(
                        installation,
                        installation.metadata(member.dataClaim(), member),
                        instance.storage().data()),
                VolumeClaims.of(
                        installation,
                        installation.metadata(member.walClaim(), member),
                        instance.storage().wal()));
    }

    /** The ConfigMaps: PostgreSQL's configuration files, and the scripts. */
    public static List<HasMetadata> configuration(Installation installation) {
        List<HasMetadata> objects =
                new ArrayList<>(List.of(ServerConfiguration.of(installation).configMap(installation)));
        objects.addAll(ScriptConfigMaps.all(installation));
        objects.addAll(Exporter.configuration(installation));
        return objects;
    }

    /** The instance named primary, and what all instances share: the Service of their pods' names, their budget. */
    public static List<HasMetadata> primary(Installation installation) {
        Member primary = installation.primary();
        return List.of(
                InstanceStatefulSet.of(new Instance(installation, primary)),
                DatabaseService.of(installation, primary),
                DatabaseService.peers(installation),
                DisruptionBudget.of(installation));
    }

    /** The standbys, and the Service that leads to the first; nothing where there is none. */
    public static List<HasMetadata> standbys(Installation installation) {
        List<HasMetadata> objects = new ArrayList<>();
        for (Member member : installation.standbys()) {
            objects.add(InstanceStatefulSet.of(new Instance(installation, member)));
        }
        installation.standbys().stream()
                .limit(1)
                .map(first -> DatabaseService.of(installation, first))
                .forEach(objects::add);
        return List.copyOf(objects);
    }
}
