package io.github.postgresqlha.backup;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.database.PrimaryDatabase;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.kubernetes.Manifest;
import io.github.postgresqlha.kubernetes.VolumeClaims;
import java.util.ArrayList;
import java.util.List;
import software.constructs.Construct;

/** The backups of an installation: their volume, the nightly dump, the WAL archiver, base backups, restore test and copy. */
public final class BackupSchedule extends Manifest {

    /** The backups of a primary whose installation has a backup volume. */
    public BackupSchedule(Construct scope, String id, PrimaryDatabase primary, BackupScheduleSpec spec) {
        super(scope, id, objects(primary.installation(), spec));
    }

    /** The objects alone, without cdk8s. */
    public static List<HasMetadata> objects(Installation installation, BackupScheduleSpec spec) {
        BackupVolume volume = installation
                .backups()
                .orElseThrow(() ->
                        new IllegalArgumentException("backup: the installation has no backup volume; give it one"));
        List<HasMetadata> objects = new ArrayList<>(List.of(
                VolumeClaims.of(installation, installation.metadata(volume.claim(), Component.BACKUP), spec.storage()),
                BackupCronJob.of(installation, volume, spec)));
        if (spec.walArchive().enabled()) {
            objects.add(WalArchiver.of(installation, volume, spec.walArchive()));
        }
        if (installation.takesBaseBackups()) {
            objects.add(BaseBackupCronJob.of(installation, volume, spec));
        }
        if (spec.restoreTest().enabled()) {
            objects.add(RestoreTestCronJob.of(installation, volume, spec.restoreTest()));
        }
        spec.offsite().ifPresent(offsite -> objects.addAll(new OffsiteCopy(installation, volume, offsite).objects()));
        return objects;
    }
}
