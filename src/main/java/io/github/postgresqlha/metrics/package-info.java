/** What Prometheus and Grafana read: the exporters beside the members, the alerts, the dashboard. */
@Internal
@NullMarked
package io.github.postgresqlha.metrics;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
