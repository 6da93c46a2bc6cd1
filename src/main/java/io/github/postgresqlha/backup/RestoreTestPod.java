package io.github.postgresqlha.backup;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.ComputeResources;
import io.github.postgresqlha.script.JobPod;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.script.VolumePod;
import java.util.ArrayList;
import java.util.List;

/**
 * The pod of a restore test: {@code begin}, then {@code prove}, then {@code record}.
 *
 * @param proving the pod as it is for what restores
 * @param beginMounts what {@code begin} mounts beside the scripts
 * @param recordMounts what {@code record} mounts beside the scripts
 * @param recordEnvironment of those two
 */
record RestoreTestPod(
        VolumePod proving,
        List<VolumeMount> beginMounts,
        List<VolumeMount> recordMounts,
        ScriptEnvironment recordEnvironment)
        implements JobPod {

    /** The scripts and {@code /tmp}, which stand first. */
    private static final int COMMON_MOUNTS = 2;

    RestoreTestPod {
        beginMounts = List.copyOf(beginMounts);
        recordMounts = List.copyOf(recordMounts);
    }

    @Override
    public Installation installation() {
        return proving.installation();
    }

    @Override
    public Component component() {
        return proving.component();
    }

    @Override
    public PodTemplateSpec template(String restartPolicy) {
        PodTemplateSpec template = proving.template(restartPolicy);
        Container container = template.getSpec().getContainers().get(0);
        return new PodTemplateSpecBuilder(template)
                .editSpec()
                .withInitContainers(
                        record(container, "begin", beginMounts),
                        new ContainerBuilder(container)
                                .withName("prove")
                                .addToCommand("prove")
                                .build())
                .withContainers(record(container, "record", recordMounts))
                .endSpec()
                .build();
    }

    private Container record(Container container, String step, List<VolumeMount> mounts) {
        List<VolumeMount> all = new ArrayList<>(container.getVolumeMounts().subList(0, COMMON_MOUNTS));
        all.addAll(mounts);
        return new ContainerBuilder(container)
                .withName(step)
                .addToCommand(step)
                .withEnv(recordEnvironment.variables())
                .withResources(ComputeResources.small())
                .withVolumeMounts(all)
                .build();
    }
}
