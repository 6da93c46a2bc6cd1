package io.github.postgresqlha.database;

import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.kubernetes.BootstrapSource;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.kubernetes.Member;
import io.github.postgresqlha.kubernetes.ResourcesSpec;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One instance of an installation, as its manifests need it.
 *
 * @param restartChecksum changes with whatever only a restart applies
 */
record Instance(
        Installation installation,
        Member member,
        ResourcesSpec resources,
        SortedMap<String, String> nodeSelector,
        String restartChecksum) {

    /** The backup volume, which the primary instance mounts to restore from it. */
    Optional<BackupVolume> backups() {
        return member.component() == Component.PRIMARY ? installation.backups() : Optional.empty();
    }

    /** Where its first data come from: the primary instance alone ever makes any, the others copy it. */
    Optional<BootstrapSource> bootstrap() {
        return member.component() == Component.PRIMARY ? installation.bootstrap() : Optional.empty();
    }
}
