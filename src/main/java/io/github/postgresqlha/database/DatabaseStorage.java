package io.github.postgresqlha.database;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.kubernetes.Manifest;
import io.github.postgresqlha.kubernetes.Member;
import io.github.postgresqlha.kubernetes.VolumeClaims;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.constructs.Construct;

/** The claims of the instances' volumes. */
public final class DatabaseStorage extends Manifest {

    /** Two claims for each instance that the map names. */
    public DatabaseStorage(
            Construct scope, String id, Installation installation, Map<Component, InstanceStorageSpec> volumes) {
        super(scope, id, claims(installation, volumes));
    }

    private static List<HasMetadata> claims(Installation installation, Map<Component, InstanceStorageSpec> volumes) {
        return installation.members().stream()
                .flatMap(member -> Optional.ofNullable(volumes.get(member.component())).stream()
                        .flatMap(volumesOfMember -> claims(installation, member, volumesOfMember)))
                .toList();
    }

    private static Stream<HasMetadata> claims(Installation installation, Member member, InstanceStorageSpec volumes) {
        return Stream.of(
                VolumeClaims.of(installation, installation.metadata(member.dataClaim(), member), volumes.data()),
                VolumeClaims.of(installation, installation.metadata(member.walClaim(), member), volumes.wal()));
    }
}
