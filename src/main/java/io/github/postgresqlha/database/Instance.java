package io.github.postgresqlha.database;

import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Member;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.kubernetes.BootstrapSource;
import io.github.postgresqlha.kubernetes.ImportSource;
import io.github.postgresqlha.spec.ClientServiceSpec;
import io.github.postgresqlha.spec.InstanceStorageSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.ResourcesSpec;
import java.util.Optional;
import java.util.SortedMap;

/** One instance of an installation, as its manifests need it. */
record Instance(Installation installation, Member member) {

    ResourcesSpec resources() {
        return isPrimary() ? spec().primary().resources() : spec().standby().resources();
    }

    InstanceStorageSpec storage() {
        return isPrimary() ? spec().primary().storage() : spec().standby().storage();
    }

    ClientServiceSpec service() {
        return isPrimary() ? spec().primary().service() : spec().standby().service();
    }

    SortedMap<String, String> nodeSelector() {
        return isPrimary() ? spec().primary().nodeSelector() : spec().standby().nodeSelector();
    }

    /** The backup volume, which the primary instance mounts to restore from it. */
    Optional<BackupVolume> backups() {
        return isPrimary() ? Optional.of(BackupVolume.of(installation)) : Optional.empty();
    }

    /** Where its first data come from: the primary instance alone ever makes any, the others copy it. */
    Optional<BootstrapSource> bootstrap() {
        return isPrimary() ? BootstrapSource.of(installation) : Optional.empty();
    }

    /** The database of another server that they come from. */
    Optional<ImportSource> imported() {
        return isPrimary() ? ImportSource.of(installation) : Optional.empty();
    }

    private boolean isPrimary() {
        return member.component() == Component.PRIMARY;
    }

    private PostgresqlHaSpec spec() {
        return installation.spec();
    }
}
