package io.github.postgresqlha.kubernetes;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Labels;
import io.github.postgresqlha.spec.AccessMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The volume of the backups, as pods mount it: the primary instance, which can only read it, to restore from it, and the jobs that
 * write it.
 *
 * @param claim the PersistentVolumeClaim's name
 * @param shared whether pods on different nodes can mount it at once ({@code ReadWriteMany})
 */
public record BackupVolume(String claim, boolean shared) {

    /** Where every pod has it. */
    public static final String DIRECTORY = "/var/lib/postgresql/backups";

    /** Where whoever writes the record of a restore test has the volume. */
    private static final String PROOF_VOLUME = "/var/lib/postgresql/proof";

    /** The folder of those records. */
    public static final String PROOF_DIRECTORY = PROOF_VOLUME + "/proof";

    /** That of an installation. */
    public static BackupVolume of(Installation installation) {
        return new BackupVolume(
                installation.names().backup(),
                installation.spec().backup().storage().accessMode() == AccessMode.READ_WRITE_MANY);
    }

    private static final String NAME = "backup";
    private static final String NODE = "kubernetes.io/hostname";

    /** The label of the pods that mount it. */
    public Map<String, String> labels() {
        return Map.of(Labels.BACKUP_VOLUME, claim);
    }

    /**
     * That such pods share a node, where the volume can be mounted on one only. The scheduler lets a pod that matches
     * its own term start alone.
     */
    public List<PodAffinityTerm> affinityTerms() {
        return shared
                ? List.of()
                : List.of(new PodAffinityTermBuilder()
                        .withLabelSelector(Labels.selector(labels()))
                        .withTopologyKey(NODE)
                        .build());
    }

    /** The affinity of a pod that has no other; null where the volume imposes none. */
    public @Nullable Affinity affinity() {
        List<PodAffinityTerm> terms = affinityTerms();
        return terms.isEmpty()
                ? null
                : new AffinityBuilder()
                        .withNewPodAffinity()
                        .withRequiredDuringSchedulingIgnoredDuringExecution(terms)
                        .endPodAffinity()
                        .build();
    }

    /** The pod's volume. */
    public Volume volume() {
        return new VolumeBuilder()
                .withName(NAME)
                .withNewPersistentVolumeClaim()
                .withClaimName(claim)
                .endPersistentVolumeClaim()
                .build();
    }

    /** The container's mount. */
    public VolumeMount mount() {
        return new VolumeMountBuilder().withName(NAME).withMountPath(DIRECTORY).build();
    }

    /** The container's mount, which cannot change a backup. */
    public VolumeMount readOnlyMount() {
        return new VolumeMountBuilder(mount()).withReadOnly(true).build();
    }

    /** In a container that has the rest read-only: the folder in which it asks the jobs of the off-site copy for something. */
    public VolumeMount requestsMount() {
        return new VolumeMountBuilder()
                .withName(NAME)
                .withMountPath(DIRECTORY + "/offsite")
                .withSubPath("offsite")
                .build();
    }

    /** The mount of whoever writes the record of a restore test, and restores nothing. */
    public VolumeMount proofMount() {
        return new VolumeMountBuilder()
                .withName(NAME)
                .withMountPath(PROOF_VOLUME)
                .build();
    }
}
