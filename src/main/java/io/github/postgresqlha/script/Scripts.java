package io.github.postgresqlha.script;

import io.github.postgresqlha.spec.Failover;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The catalogue of all scripts. */
public final class Scripts {

    /** What Kubernetes, people and the manual's commands run in a member's container beside its supervisor. */
    private static final List<String> MEMBER_PROGRAMS = List.of(
            "bin/pg_ctl",
            "bin/ping",
            "cleanup-backups.sh",
            "connection-test.sh",
            "failover-test.sh",
            "health-check.sh",
            "import-database.sh",
            "instance/probe.sh",
            "replication-status.sh",
            "restore-pitr.sh",
            "restore.sh",
            "verify-backup.sh");

    /** What Patroni runs, by its configuration. */
    private static final List<String> PATRONI_PROGRAMS =
            List.of("patroni/clone.sh", "patroni/postgres.sh", "patroni/pre-promote.sh", "patroni/rewind.sh");

    private static final Map<String, Script> ALL =
            ScriptPaths.ALL.stream().collect(Collectors.toMap(path -> path, Script::load, (a, b) -> a, TreeMap::new));

    /** What each script names of the others: looked for once in a process, by path. */
    private static final Map<String, List<String>> SOURCED = new ConcurrentHashMap<>();

    private static final Map<String, List<String>> USED = new ConcurrentHashMap<>();

    /** The programs whose change restarts a pod, by path. */
    private static final Map<String, String> PROGRAMS = new ConcurrentHashMap<>();

    private Scripts() {}

    /** Every script, sorted by path. */
    public static List<Script> all() {
        return List.copyOf(ALL.values());
    }

    /** The scripts of an installation, sorted by path: those of Patroni and of the pooler only where there is one. */
    public static List<Script> of(PostgresqlHaSpec spec) {
        return ALL.values().stream()
                .filter(script ->
                        spec.failover() == Failover.AUTOMATIC || !script.path().startsWith("patroni"))
                .filter(script -> spec.pooler().enabled() || !script.folder().equals("pooler"))
                .toList();
    }

    /** What a member's container has, sorted by path: its supervisor, and what people run there. */
    public static List<Script> ofMember(Failover failover) {
        List<String> programs = new ArrayList<>(MEMBER_PROGRAMS);
        programs.add(supervisor(failover).path());
        if (failover == Failover.AUTOMATIC) {
            programs.addAll(PATRONI_PROGRAMS);
        }
        return used(programs);
    }

    /** What a pod that runs this program has, sorted by path. */
    public static List<Script> ofProgram(Script program) {
        return used(List.of(program.path()));
    }

    /** Process 1 of an instance. */
    public static Script supervisor(Failover failover) {
        return get(failover == Failover.AUTOMATIC ? "patroni.sh" : "instance.sh");
    }

    /** The script of this path. */
    public static Script get(String path) {
        Script script = ALL.get(path);
        if (script == null) {
            throw new IllegalArgumentException("no script " + path + " in the catalogue; there are " + ALL.keySet());
        }
        return script;
    }

    /** A script and every library that it sources, directly or through another, sorted by path. */
    public static List<Script> closure(String path) {
        return closure(List.of(path), script -> SOURCED.computeIfAbsent(script.path(), same -> script.sourced()));
    }

    private static List<Script> used(List<String> paths) {
        return closure(paths, script -> USED.computeIfAbsent(script.path(), same -> script.used()));
    }

    private static List<Script> closure(List<String> paths, Function<Script, List<String>> next) {
        Map<String, Script> found = new TreeMap<>();
        Deque<String> open = new ArrayDeque<>(paths);
        while (!open.isEmpty()) {
            Script script = get(open.remove());
            if (found.put(script.path(), script) == null) {
                open.addAll(next.apply(script));
            }
        }
        return List.copyOf(found.values());
    }

    /** The text of a script and of every library that it sources: what a running process of it has read. */
    public static String program(String path) {
        return PROGRAMS.computeIfAbsent(
                path, same -> closure(path).stream().map(Script::content).collect(Collectors.joining()));
    }
}
