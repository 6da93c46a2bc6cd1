package io.github.postgresqlha.kubernetes;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.github.postgresqlha.installation.Installation;
import java.util.Optional;

/**
 * The repository that the first data of the primary instance are restored from.
 *
 * @param claim another installation's claim; empty where it is the installation's own backup volume
 * @param target how far: {@code latest}, a time or a place in the log
 * @param timeline along which timeline; empty where it is the newest one
 */
public record BootstrapSource(Optional<String> claim, String target, Optional<Integer> timeline) {

    /** That of an installation; empty where its first data are a new database. */
    public static Optional<BootstrapSource> of(Installation installation) {
        return installation
                .spec()
                .bootstrap()
                .fromBackup()
                .map(backup -> new BootstrapSource(
                        backup.claim()
                                .filter(claim ->
                                        !claim.equals(installation.names().backup())),
                        backup.target(),
                        backup.timeline()));
    }

    private static final String NAME = "bootstrap";
    private static final String MOUNT = "/var/lib/postgresql/bootstrap";

    /** The folder of the repository in the container. */
    public String directory() {
        return claim.isPresent() ? MOUNT : BackupVolume.DIRECTORY;
    }

    /** The volume of another claim, which is only read. */
    public Optional<Volume> volume() {
        return claim.map(name -> new VolumeBuilder()
                .withName(NAME)
                .withNewPersistentVolumeClaim()
                .withClaimName(name)
                .withReadOnly(true)
                .endPersistentVolumeClaim()
                .build());
    }

    /** Where the container has it. */
    public Optional<VolumeMount> mount() {
        return claim.map(name -> Volumes.readOnlyMount(NAME, MOUNT));
    }
}
