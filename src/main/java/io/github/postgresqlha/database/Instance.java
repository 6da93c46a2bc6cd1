package io.github.postgresqlha.database;

import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.ComputeResources;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.kubernetes.Member;
import io.github.postgresqlha.kubernetes.VolumeClaim;
import java.util.Optional;

/**
 * One instance of an installation, as its manifests need it.
 *
 * @param restartChecksum changes with whatever only a restart applies
 */
record Instance(
        Installation installation,
        Member member,
        ComputeResources resources,
        VolumeClaim data,
        VolumeClaim wal,
        String restartChecksum) {

    /** The backup volume, which the primary instance mounts to restore from it. */
    Optional<BackupVolume> backups() {
        return member.component() == Component.PRIMARY ? installation.backups() : Optional.empty();
    }
}
