package io.github.postgresqlha.postgresql;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Parameters that the product itself depends on.
 *
 * @see <a href="https://www.postgresql.org/docs/17/runtime-config-replication.html">Replication</a>
 * @see <a href="https://www.postgresql.org/docs/17/runtime-config-wal.html">Write-ahead log</a>
 */
public final class MandatoryParameters {

    private MandatoryParameters() {}

    /** Connections that the application cannot take: for the health check, other members' questions, rejoins and backups. */
    public static final int RESERVED_CONNECTIONS = 10;

    static ParameterSection connections(boolean knowsReserved) {
        ParameterSection section = ParameterSection.of("Where it listens")
                .add("listen_addresses", "*", "pods have changing addresses; NetworkPolicies decide who reaches them")
                .add("port", "5432", "probes, Services and policies name it");
        return knowsReserved
                ? section.add(
                        "reserved_connections",
                        String.valueOf(RESERVED_CONNECTIONS),
                        "of max_connections: health check, other members, rejoin and backups always get in")
                : section;
    }

    static ParameterSection replication(boolean knowsWalSummaries) {
        ParameterSection section = ParameterSection.of("Replication: mandatory")
                .add("wal_level", "replica", "standby, base backups and the WAL archiver read this WAL")
                .add("hot_standby", "on", "the standby serves reads")
                .add("wal_log_hints", "on", "lets pg_rewind bring a former primary back")
                .add("archive_mode", "off", "WAL is streamed to the archive: a full archive cannot stop the server");
        return knowsWalSummaries
                ? section.add("summarize_wal", "off", "a promotion waits for the summarizer, measured: 20 s")
                : section;
    }

    static ParameterSection synchronous(List<String> members) {
        String names = members.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", ", "ANY 1 (", ")"));
        return ParameterSection.of("Synchronous replication")
                .add("synchronous_standby_names", names, "the other member confirms each commit");
    }

    static ParameterSection security(String passwordEncryption) {
        return ParameterSection.of("Passwords")
                .add("password_encryption", passwordEncryption, "how new passwords are stored, as pg_hba.conf asks");
    }
}
