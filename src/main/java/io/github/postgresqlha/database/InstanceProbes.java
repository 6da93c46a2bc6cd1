package io.github.postgresqlha.database;

import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.github.postgresqlha.script.Scripts;

/**
 * The probes of an instance: what each asks is in {@code instance/probe.sh}.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/">Probes</a>
 */
final class InstanceProbes {

    private static final int TIMEOUT_SECONDS = 5;

    private InstanceProbes() {}

    /** Up to a minute until the supervisor works: cloning and recovery happen later, while it reports that it lives. */
    static Probe startup() {
        return probe("startup", 2, 30);
    }

    /** A minute without a sign of life of the supervisor restarts the container. */
    static Probe liveness() {
        return probe("liveness", 10, 6);
    }

    /** Whether the Service may send clients here. */
    static Probe readiness() {
        return probe("readiness", 2, 3);
    }

    private static Probe probe(String question, int periodSeconds, int failureThreshold) {
        return new ProbeBuilder()
                .withNewExec()
                .withCommand(Scripts.get("instance/probe.sh").mountPath(), question)
                .endExec()
                .withPeriodSeconds(periodSeconds)
                .withFailureThreshold(failureThreshold)
                .withTimeoutSeconds(TIMEOUT_SECONDS)
                .build();
    }
}
