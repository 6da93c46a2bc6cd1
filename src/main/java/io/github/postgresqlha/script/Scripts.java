package io.github.postgresqlha.script;

import io.github.postgresqlha.kubernetes.Failover;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The catalogue of all scripts. */
public final class Scripts {

    private static final List<String> PATHS = List.of(
            "archive-wal.sh",
            "backup.sh",
            "base-backup.sh",
            "bin/pg_ctl",
            "bin/ping",
            "bootstrap.sh",
            "cleanup-backups.sh",
            "connection-test.sh",
            "failover-test.sh",
            "fetch-offsite.sh",
            "fetch-wal.sh",
            "health-check.sh",
            "instance.sh",
            "lib-archive.sh",
            "lib-backup.sh",
            "lib-base.sh",
            "lib-chain.sh",
            "lib-copy.sh",
            "lib-credentials.sh",
            "lib-data.sh",
            "lib-divergence.sh",
            "lib-drill.sh",
            "lib-durability.sh",
            "lib-health-backup.sh",
            "lib-health-proof.sh",
            "lib-health.sh",
            "lib-instance.sh",
            "lib-lineage.sh",
            "lib-log.sh",
            "lib-offsite-ask.sh",
            "lib-offsite-copy.sh",
            "lib-offsite-fetch.sh",
            "lib-offsite-request.sh",
            "lib-offsite-take.sh",
            "lib-offsite-target.sh",
            "lib-offsite.sh",
            "lib-patroni-data.sh",
            "lib-patroni-members.sh",
            "lib-patroni-requests.sh",
            "lib-patroni-restored.sh",
            "lib-patroni-watch.sh",
            "lib-patroni.sh",
            "lib-peer.sh",
            "lib-postgres.sh",
            "lib-postmaster.sh",
            "lib-proof.sh",
            "lib-recoverable.sh",
            "lib-recovery.sh",
            "lib-repository.sh",
            "lib-requests.sh",
            "lib-restore-dump.sh",
            "lib-restore-test-base.sh",
            "lib-restore-test.sh",
            "lib-restored.sh",
            "lib-retention.sh",
            "lib-role.sh",
            "lib-scratch.sh",
            "lib-settle.sh",
            "lib-spool.sh",
            "lib-status.sh",
            "lib-swap.sh",
            "lib-target.sh",
            "lib-timeline.sh",
            "lib-unpack.sh",
            "lib-upkeep.sh",
            "lib-wal.sh",
            "offsite.sh",
            "patroni-clone.sh",
            "patroni-hide.py",
            "patroni-postgres.sh",
            "patroni-rewind.sh",
            "patroni.sh",
            "probe.sh",
            "replication-status.sh",
            "restore-pitr.sh",
            "restore-test.sh",
            "restore.sh",
            "roles.sql",
            "scram-verifier.pl",
            "verify-backup.sh");

    private static final Map<String, Script> ALL =
            PATHS.stream().collect(Collectors.toMap(path -> path, Script::load, (a, b) -> a, TreeMap::new));

    private Scripts() {}

    /** Every script, sorted by path. */
    public static List<Script> all() {
        return List.copyOf(ALL.values());
    }

    /** The scripts of an installation, sorted by path: those of Patroni only where it runs. */
    public static List<Script> of(Failover failover) {
        return ALL.values().stream()
                .filter(script ->
                        failover == Failover.AUTOMATIC || !script.path().contains("patroni"))
                .toList();
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
        Map<String, Script> found = new TreeMap<>();
        Deque<String> open = new ArrayDeque<>(List.of(path));
        while (!open.isEmpty()) {
            Script script = get(open.remove());
            if (found.put(script.path(), script) == null) {
                open.addAll(script.sourced());
            }
        }
        return List.copyOf(found.values());
    }

    /** The text of a script and of every library that it sources: what a running process of it has read. */
    public static String program(String path) {
        return closure(path).stream().map(Script::content).collect(Collectors.joining());
    }
}
