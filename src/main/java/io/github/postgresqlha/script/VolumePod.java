package io.github.postgresqlha.script;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Labels;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.kubernetes.PodSkeleton;
import io.github.postgresqlha.kubernetes.Volumes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A pod that runs one script on the backup volume and connects to no instance, so it gets no password of one.
 *
 * @param image what it runs in, which need not be the instances' image
 * @param interpreter what runs the script where the image has no bash; empty where it has
 * @param volumes beside the scripts, {@code /tmp} and the backup volume
 * @param mounts beside the scripts and {@code /tmp}, with those of the backup volume
 */
public record VolumePod(
        Installation installation,
        Component component,
        String image,
        List<String> interpreter,
        Script script,
        ScriptEnvironment environment,
        ResourceRequirements resources,
        BackupVolume backups,
        List<Volume> volumes,
        List<VolumeMount> mounts)
        implements JobPod {

    private static final String TMP_LIMIT = "256Mi";

    public VolumePod {
        interpreter = List.copyOf(interpreter);
        volumes = List.copyOf(volumes);
        mounts = List.copyOf(mounts);
    }

    @Override
    public PodTemplateSpec template(String restartPolicy) {
        Map<String, String> labels = new TreeMap<>(installation.labels().of(component));
        labels.put(Labels.BACKUP_VOLUME, backups.claim());
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withSpec(PodSkeleton.job(installation, restartPolicy)
                        .withAffinity(backups.affinity())
                        .withContainers(container())
                        .withVolumes(with(
                                List.of(
                                        ScriptVolume.of(installation.names(), Scripts.ofProgram(script)),
                                        Volumes.scratch("tmp", TMP_LIMIT),
                                        backups.volume()),
                                volumes))
                        .build())
                .build();
    }

    private Container container() {
        return PodSkeleton.container(installation, component.label())
                .withImage(image)
                .withCommand(with(interpreter, List.of(script.mountPath())))
                .withEnv(environment.variables())
                .withResources(resources)
                .withVolumeMounts(with(List.of(ScriptVolume.mount(), Volumes.mount("tmp", "/tmp")), mounts))
                .build();
    }

    private static <T> List<T> with(List<T> first, List<T> more) {
        List<T> all = new ArrayList<>(first);
        all.addAll(more);
        return all;
    }
}
