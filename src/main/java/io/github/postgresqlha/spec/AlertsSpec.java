package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.Optional;
import java.util.SortedMap;
import org.immutables.value.Value;

/**
 * Alerts on the figures, with the thresholds of the health check. Where there are figures, a plain file has them in any case.
 *
 * @see <a href="https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/">Alerting rules</a>
 */
@Value.Immutable
@SpecStyle
public interface AlertsSpec {

    /** Whether there is a PrometheusRule with them. Default: false, because its kind has to be there. An error without {@code metrics.enabled}. */
    @Key("Whether there is a PrometheusRule, whose kind the Prometheus Operator brings")
    default boolean prometheusRule() {
        return false;
    }

    /** Further labels of the PrometheusRule, by which a Prometheus selects it. Default: none. */
    @Key("Further labels of the PrometheusRule, by which a Prometheus selects it, as release: prometheus")
    @Value.NaturalOrder
    SortedMap<String, String> labels();

    /** Where people find the folder of runbooks, as {@code https://git.example.com/ops/dist/runbooks}. Default: absent, the file's path in {@code dist/}. */
    @Key(
            "Where people find the folder dist/runbooks, as https://git.example.com/ops/dist/runbooks; absent: the path in dist/")
    Optional<String> runbookBaseUrl();

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("AlertsSpec");
        labels().forEach((key, value) -> KubernetesNames.checkLabel("labels", key, value, violations));
        runbookBaseUrl()
                .ifPresent(url -> violations.require(
                        url.matches("https?://[A-Za-z0-9._~:/?#@!&'()*+,;=%-]+[^/]"),
                        "runbookBaseUrl",
                        "must be a URL without / at its end, got '" + url
                                + "'; write it like https://git.example.com/ops/dist/runbooks"));
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link AlertsSpec}. */
    class Builder extends ImmutableAlertsSpec.Builder {
        Builder() {}
    }
}
