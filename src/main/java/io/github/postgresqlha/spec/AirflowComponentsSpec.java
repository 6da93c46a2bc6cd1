package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.Optional;
import org.immutables.value.Value;

/** How many there are of each component of Airflow, as the values of its official chart have it. */
@Value.Immutable
@SpecStyle
public interface AirflowComponentsSpec {

    /** {@code scheduler.replicas}. Default: 1. */
    @Key("scheduler.replicas of the chart")
    default int schedulers() {
        return 1;
    }

    /** {@code apiServer.replicas}, or {@code webserver.replicas} of Airflow 2. Default: 1. */
    @Key("apiServer.replicas of the chart, of Airflow 2 webserver.replicas")
    default int apiServers() {
        return 1;
    }

    /** Processes of each of them: {@code [api] workers}, or {@code [webserver] workers}. Default: absent, Airflow's own: 1, before 3.1 4. */
    @Key("Processes of each API server or webserver, its setting workers; absent: Airflow's own 1, before 3.1 4")
    Optional<Integer> apiServerWorkers();

    /** {@code dagProcessor.replicas}. Default: 1; 0 for an Airflow 2 whose schedulers parse the DAGs. */
    @Key("dagProcessor.replicas of the chart; 0: the schedulers of an Airflow 2 parse DAGs themselves")
    default int dagProcessors() {
        return 1;
    }

    /** {@code triggerer.replicas}. Default: 1. */
    @Key("triggerer.replicas of the chart")
    default int triggerers() {
        return 1;
    }

    /** {@code workers.replicas}, or the most that an autoscaler makes of them. Default: 1. With LocalExecutor as many as schedulers; with KubernetesExecutor the most pods at once. */
    @Key(
            "workers.replicas of the chart, at most; with LocalExecutor the schedulers, with KubernetesExecutor pods at once")
    default int workers() {
        return 1;
    }

    /** Tasks that each of them runs at once: {@code [celery] worker_concurrency}, with LocalExecutor {@code [core] parallelism}, with KubernetesExecutor 1. Default: 16. */
    @Key("Tasks of each worker at once: worker_concurrency; with LocalExecutor parallelism, with KubernetesExecutor 1")
    default int workerConcurrency() {
        return 16;
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("AirflowComponentsSpec");
        require(violations, "schedulers", schedulers(), 1);
        require(violations, "apiServers", apiServers(), 0);
        apiServerWorkers().ifPresent(workers -> require(violations, "apiServerWorkers", workers, 1));
        require(violations, "dagProcessors", dagProcessors(), 0);
        require(violations, "triggerers", triggerers(), 0);
        require(violations, "workers", workers(), 0);
        require(violations, "workerConcurrency", workerConcurrency(), 1);
        violations.throwIfAny();
    }

    private static void require(Violations violations, String path, int value, int least) {
        violations.require(
                value >= least && value <= 10_000,
                path,
                "must be " + least + " to 10000, got " + value + "; write it as the chart's values have it");
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link AirflowComponentsSpec}. */
    class Builder extends ImmutableAirflowComponentsSpec.Builder {
        Builder() {}
    }
}
