package io.github.postgresqlha.metrics;

import java.util.List;

/**
 * One alert of the model, {@code alerts.yaml}.
 *
 * @param group whose it is
 * @param severity critical, warning or info
 * @param lasts for how long its query has to have an answer, as Prometheus writes it
 * @param when what an installation has to have for it: names of {@link Conditions}
 * @param line what it says, for a list of alerts
 */
record Alert(
        String group,
        String name,
        String severity,
        String lasts,
        List<String> when,
        String line,
        String expr,
        String summary,
        String description) {

    Alert {
        when = List.copyOf(when);
    }
}
