package io.github.postgresqlha.testing;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobSpecBuilder;
import io.github.postgresqlha.kubernetes.PodSpecs;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The part of an object that a test shows: a screen of it, not the ten that a workload takes. */
public final class Excerpt {

    private Excerpt() {}

    /** Kind and name of each object, in their order. */
    public static List<String> names(List<? extends HasMetadata> objects) {
        return objects.stream()
                .map(object -> object.getKind() + " " + object.getMetadata().getName())
                .toList();
    }

    /** When and how a job runs, without its pod. */
    public static CronJobSpec schedule(CronJob job) {
        return new CronJobSpecBuilder(job.getSpec())
                .editJobTemplate()
                .editSpec()
                .withTemplate(null)
                .endSpec()
                .endJobTemplate()
                .build();
    }

    /** The pod of a workload, without its containers and volumes. */
    public static PodSpec pod(HasMetadata workload) {
        return new PodSpecBuilder(spec(workload))
                .withInitContainers()
                .withContainers()
                .withVolumes()
                .build();
    }

    /** The container of a workload, without its environment and mounts. */
    public static Container container(HasMetadata workload) {
        return new ContainerBuilder(spec(workload).getContainers().get(0))
                .withEnv()
                .withVolumeMounts()
                .build();
    }

    /** The environment of a workload's container. */
    public static Map<String, Object> environment(HasMetadata workload) {
        return environment(spec(workload).getContainers().get(0).getEnv());
    }

    /** Variables by their names: the value, or where it comes from. */
    public static Map<String, Object> environment(List<EnvVar> variables) {
        Map<String, Object> values = new TreeMap<>();
        variables.forEach(variable -> values.put(
                variable.getName(), variable.getValueFrom() == null ? variable.getValue() : variable.getValueFrom()));
        return values;
    }

    /** The volumes of a workload, but for the scripts. */
    public static List<Volume> volumes(HasMetadata workload) {
        return spec(workload).getVolumes().stream()
                .filter(volume -> !volume.getName().equals("scripts"))
                .toList();
    }

    /** What the second has otherwise than the first, or beside it; {@code none} where it lacks something. */
    public static Map<String, Object> difference(Map<String, Object> first, Map<String, Object> second) {
        Map<String, Object> difference = new TreeMap<>(second);
        difference.entrySet().removeAll(first.entrySet());
        first.keySet().stream().filter(key -> !second.containsKey(key)).forEach(key -> difference.put(key, "none"));
        return difference;
    }

    private static PodSpec spec(HasMetadata workload) {
        return PodSpecs.template(workload).orElseThrow().getSpec();
    }
}
