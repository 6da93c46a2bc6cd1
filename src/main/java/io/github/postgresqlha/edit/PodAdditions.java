package io.github.postgresqlha.edit;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.github.postgresqlha.spec.ExtraVolumeSpec;
import java.util.List;
import java.util.stream.Stream;

/** What every pod has beside the product's own: variables and volumes of the product's containers, and sidecars. */
record PodAdditions(List<EnvVar> variables, List<ExtraVolumeSpec> volumes, List<Container> sidecars) {

    boolean isEmpty() {
        return variables.isEmpty() && volumes.isEmpty() && sidecars.isEmpty();
    }

    void edit(PodSpecBuilder pod) {
        List<Container> first = pod.buildInitContainers();
        pod.withContainers(pod.buildContainers().stream().map(this::extended).toList())
                .withInitContainers(Stream.concat(
                                sidecars.stream().map(PodAdditions::untilTheEnd),
                                first.stream().map(this::extended))
                        .toList())
                .addAllToVolumes(volumes.stream().map(ExtraVolumeSpec::volume).toList());
    }

    private Container extended(Container container) {
        return new ContainerBuilder(container)
                .addAllToEnv(variables)
                .addAllToVolumeMounts(volumes.stream().map(PodAdditions::mount).toList())
                .build();
    }

    private static VolumeMount mount(ExtraVolumeSpec spec) {
        return new VolumeMountBuilder()
                .withName(spec.volume().getName())
                .withMountPath(spec.mountPath())
                .withReadOnly(spec.readOnly() ? true : null)
                .build();
    }

    /** An init container that goes on: a job ends all the same when its own containers have. */
    private static Container untilTheEnd(Container sidecar) {
        return new ContainerBuilder(sidecar).withRestartPolicy("Always").build();
    }
}
