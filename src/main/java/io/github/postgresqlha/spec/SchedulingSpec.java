package io.github.postgresqlha.spec;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.github.postgresqlha.annotation.Internal;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.immutables.value.Value;

/**
 * Where pods may run and who goes first, in Kubernetes' own words: of the members, the archiver and all jobs.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/">Assigning pods to nodes</a>
 */
@Value.Immutable
@SpecStyle
public interface SchedulingSpec {

    /** Labels that every node must have. Default: none; {@code primary.nodeSelector} and {@code standby.nodeSelector} go before it. */
    @Key("Labels that the nodes of all pods must have; primary.nodeSelector and standby.nodeSelector go before it")
    @Value.NaturalOrder
    SortedMap<String, String> nodeSelector();

    /**
     * Taints that the pods tolerate. Default: none.
     *
     * @see <a href="https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/">Taints and tolerations</a>
     */
    @Key("Taints that all pods tolerate, as {key: dedicated, operator: Equal, value: databases, effect: NoSchedule}")
    List<Toleration> tolerations();

    /**
     * How the pods are spread. Default: none; members keep away from each other all the same.
     *
     * @see <a href="https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/">Topology spread constraints</a>
     */
    @Key("How all pods are spread, as Kubernetes' topologySpreadConstraints")
    List<TopologySpreadConstraint> topologySpreadConstraints();

    /**
     * The priority of the pods. Default: absent, the cluster's. An error where it is no name of a PriorityClass.
     *
     * @see <a href="https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/">Pod priority</a>
     */
    @Key("PriorityClass of all pods; absent: the cluster's default")
    Optional<String> priorityClassName();

    /** Affinity beside that of the product, which keeps members apart and pods of the backup volume together. Default: none. */
    @Key("Affinity of all pods, as Kubernetes' affinity; it is added to the product's own")
    Optional<Affinity> affinity();

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("SchedulingSpec");
        nodeSelector().forEach((key, value) -> KubernetesNames.checkLabel("nodeSelector", key, value, violations));
        priorityClassName()
                .ifPresent(name -> KubernetesNames.checkName("priorityClassName", name, "a PriorityClass", violations));
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link SchedulingSpec}. */
    class Builder extends ImmutableSchedulingSpec.Builder {
        Builder() {}
    }
}
