package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.SortedMap;
import org.immutables.value.Value;

/**
 * Where the Prometheus Operator finds the figures.
 *
 * @see <a href="https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor">PodMonitor</a>
 */
@Value.Immutable
@SpecStyle
public interface PodMonitorSpec {

    /** Whether there is one. Default: false, because its kind has to be there. An error without {@code metrics.enabled}. */
    @Key("Whether there is a PodMonitor, whose kind the Prometheus Operator brings")
    default boolean enabled() {
        return false;
    }

    /** Further labels, by which a Prometheus selects it. Default: none. */
    @Key("Further labels of it, by which a Prometheus selects it, as release: prometheus")
    @Value.NaturalOrder
    SortedMap<String, String> labels();

    /** Seconds from one scrape to the next. Default: 30. */
    @Key("Seconds from one scrape to the next")
    default int intervalSeconds() {
        return 30;
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("PodMonitorSpec");
        labels().forEach((key, value) -> KubernetesNames.checkLabel("labels", key, value, violations));
        violations.require(
                intervalSeconds() >= 5 && intervalSeconds() <= 60,
                "intervalSeconds",
                "must be 5 to 60, got " + intervalSeconds() + "; alerts need two scrapes within a minute or two");
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link PodMonitorSpec}. */
    class Builder extends ImmutablePodMonitorSpec.Builder {
        Builder() {}
    }
}
