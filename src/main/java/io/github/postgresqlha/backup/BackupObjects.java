package io.github.postgresqlha.backup;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.kubernetes.VolumeClaims;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import java.util.ArrayList;
import java.util.List;

/** The backups of an installation: their volume, the nightly dump, the WAL archiver, base backups, restore test and copy. */
public final class BackupObjects {

    private BackupObjects() {}

    /** All of them, the claim first. */
    public static List<HasMetadata> of(Installation installation) {
        BackupScheduleSpec spec = installation.spec().backup();
        BackupVolume volume = BackupVolume.of(installation);
        List<HasMetadata> objects = new ArrayList<>(List.of(
                VolumeClaims.of(installation, installation.metadata(volume.claim(), Component.BACKUP), spec.storage()),
                BackupCronJob.of(installation)));
        if (installation.archivesWal()) {
            objects.add(WalArchiver.of(installation));
        }
        if (installation.takesBaseBackups()) {
            objects.add(BaseBackupCronJob.of(installation));
        }
        if (spec.restoreTest().enabled()) {
            objects.add(RestoreTestCronJob.of(installation));
        }
        spec.offsite().ifPresent(offsite -> objects.addAll(new OffsiteCopy(installation, offsite).objects()));
        return objects;
    }
}
