package io.github.postgresqlha.edit;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.PodAffinity;
import io.fabric8.kubernetes.api.model.PodAffinityBuilder;
import io.fabric8.kubernetes.api.model.PodAntiAffinity;
import io.fabric8.kubernetes.api.model.PodAntiAffinityBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.github.postgresqlha.spec.SchedulingSpec;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where pods may run, as the specification says it for all of them. */
record Scheduling(SchedulingSpec spec) {

    boolean isDefault() {
        return spec.equals(SchedulingSpec.builder().build());
    }

    void edit(PodSpecBuilder pod) {
        Map<String, String> selector = new TreeMap<>(spec.nodeSelector());
        selector.putAll(Optional.ofNullable(pod.getNodeSelector()).orElse(Map.of()));
        pod.withNodeSelector(selector)
                .addAllToTolerations(spec.tolerations())
                .addAllToTopologySpreadConstraints(spec.topologySpreadConstraints());
        spec.priorityClassName().ifPresent(pod::withPriorityClassName);
        spec.affinity().ifPresent(more -> pod.withAffinity(both(pod.buildAffinity(), more)));
    }

    /** The terms of both: the product's keep members apart, and pods of the backup volume together. */
    private static Affinity both(@Nullable Affinity own, Affinity more) {
        if (own == null) {
            return more;
        }
        return new AffinityBuilder(own)
                .withNodeAffinity(more.getNodeAffinity())
                .withPodAffinity(both(own.getPodAffinity(), more.getPodAffinity()))
                .withPodAntiAffinity(both(own.getPodAntiAffinity(), more.getPodAntiAffinity()))
                .build();
    }

    private static @Nullable PodAffinity both(@Nullable PodAffinity own, @Nullable PodAffinity more) {
        if (own == null || more == null) {
            return own == null ? more : own;
        }
        return new PodAffinityBuilder(own)
                .addAllToPreferredDuringSchedulingIgnoredDuringExecution(
                        more.getPreferredDuringSchedulingIgnoredDuringExecution())
                .addAllToRequiredDuringSchedulingIgnoredDuringExecution(
                        more.getRequiredDuringSchedulingIgnoredDuringExecution())
                .build();
    }

    private static @Nullable PodAntiAffinity both(@Nullable PodAntiAffinity own, @Nullable PodAntiAffinity more) {
        if (own == null || more == null) {
            return own == null ? more : own;
        }
        return new PodAntiAffinityBuilder(own)
                .addAllToPreferredDuringSchedulingIgnoredDuringExecution(
                        more.getPreferredDuringSchedulingIgnoredDuringExecution())
                .addAllToRequiredDuringSchedulingIgnoredDuringExecution(
                        more.getRequiredDuringSchedulingIgnoredDuringExecution())
                .build();
    }
}
