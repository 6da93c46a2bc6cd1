package io.github.postgresqlha.spec;

/** What needs the exporters. */
final class ObservabilityRules {

    private ObservabilityRules() {}

    static void check(PostgresqlHaSpec spec, Violations violations) {
        boolean measured = spec.metrics().enabled();
        violations.require(
                measured || !spec.metrics().podMonitor().enabled(),
                "metrics.podMonitor.enabled",
                "needs metrics.enabled: true, got false; nothing would be there to scrape");
        violations.require(
                measured || !spec.alerts().prometheusRule(),
                "alerts.prometheusRule",
                "needs metrics.enabled: true, got false; its alerts would have no figures");
        violations.require(
                measured || !spec.metrics().scrapeAnnotations(),
                "metrics.scrapeAnnotations",
                "needs metrics.enabled: true, got false; nothing would be there to scrape");
    }
}
