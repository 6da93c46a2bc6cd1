package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import io.github.postgresqlha.postgresql.MandatoryParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What Airflow may open at most, a line for each kind of process. Each has a pool of its own, of {@code poolSize} connections and
 * {@code maxOverflow} more; a task of Airflow 2 has none, and opens one for itself and one for its heartbeat; one of Airflow 3 has no
 * connection but Celery's for its result.
 */
@Internal
public final class AirflowBudget {

    /** DAG processor of Airflow 2: its manager and {@code parsing_processes}. */
    private static final int PARSERS = 3;

    /** What commands by hand, and the migration, take beside. */
    private static final int BY_HAND = 5;

    private final List<Line> lines;

    private AirflowBudget(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    /** One kind of process, how many there are, and what each of them opens. */
    private record Line(String name, int processes, int each) {

        long connections() {
            return (long) processes * each;
        }
    }

    /** That of a specification. */
    public static AirflowBudget of(AirflowSpec spec) {
        AirflowComponentsSpec counts = spec.components();
        AirflowVersion version = spec.version();
        int pool = spec.poolSize() + spec.maxOverflow();
        int servers = counts.apiServers() * counts.apiServerWorkers().orElse(version.apiServerWorkers());
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("scheduler", counts.schedulers(), pool));
        if (version.hasApiServer()) {
            // It has an asynchronous pool beside the synchronous one.
            lines.add(new Line("API server", servers, 2 * pool));
            lines.add(new Line("DAG processor", counts.dagProcessors(), pool));
        } else {
            int parsing = counts.dagProcessors() == 0 ? counts.schedulers() : counts.dagProcessors();
            lines.add(new Line("webserver", servers, pool));
            lines.add(new Line("DAG processor", parsing * PARSERS, pool));
        }
        lines.add(new Line("triggerer", counts.triggerers(), pool));
        lines.add(new Line("task", counts.workers() * counts.workerConcurrency(), version.hasApiServer() ? 1 : 2));
        lines.add(new Line("command by hand", BY_HAND, 1));
        return new AirflowBudget(lines);
    }

    /** All of it. */
    public long connections() {
        return lines.stream().mapToLong(Line::connections).sum();
    }

    /** A line for each kind, in columns. */
    public String table() {
        return lines.stream()
                .map(line -> String.format(
                        Locale.ROOT,
                        "%-16s %5d x %3d = %5d\n",
                        line.name(),
                        line.processes(),
                        line.each(),
                        line.connections()))
                .collect(Collectors.joining());
    }

    /** The sum as it is written. */
    public String arithmetic() {
        return lines.stream()
                        .filter(line -> line.processes() > 0)
                        .map(line -> line.name() + " " + line.processes() + " x " + line.each())
                        .collect(Collectors.joining(" + "))
                + " = " + connections();
    }

    /**
     * What there is for Airflow: of a pooler all clients that its pods take, of the server what is not reserved for superusers and the product,
     * and not what declared roles may take.
     */
    public static long available(PostgresqlHaSpec spec) {
        if (spec.pooler().enabled()) {
            return (long) spec.pooler().replicas() * spec.pooler().maxClientConnections();
        }
        return spec.configuration().maxConnections() - reserved(spec) - declared(spec);
    }

    /** Of superusers and the product's own roles. */
    public static long reserved(PostgresqlHaSpec spec) {
        return (long) ConfigurationRules.superuserConnections(
                        spec.configuration().parameters())
                + MandatoryParameters.RESERVED_CONNECTIONS;
    }

    /** Of declared roles that have a limit. */
    public static long declared(PostgresqlHaSpec spec) {
        return spec.roles().stream()
                .filter(RoleSpec::login)
                .mapToLong(role -> role.connectionLimit().orElse(0))
                .sum();
    }
}
