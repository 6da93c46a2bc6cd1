package io.github.postgresqlha.postgresql;

import java.util.List;

/**
 * Parameters that fit a moderate Airflow, and that a specification may replace.
 *
 * @see <a href="https://www.postgresql.org/docs/17/runtime-config.html">Server configuration</a>
 */
final class DefaultParameters {

    private DefaultParameters() {}

    static List<ParameterSection> all(WalSizing wal, MemorySizing memory) {
        return List.of(connections(), memory(memory), checkpoints(wal), replication(wal), planner(), autovacuum());
    }

    private static ParameterSection connections() {
        return ParameterSection.of("Connections")
                .add("max_connections", "200", "Airflow's pools, the product's own roles and some reserve")
                .add("authentication_timeout", "10s", "a client that says nothing does not hold a connection for long")
                .add("tcp_keepalives_idle", "30", "a client that vanished is noticed ...")
                .add("tcp_keepalives_interval", "10", "... after a minute of silence ...")
                .add("tcp_keepalives_count", "3", "... instead of two hours")
                .add("client_connection_check_interval", "10s", "a query whose client is gone is ended")
                .add(
                        "idle_in_transaction_session_timeout",
                        "1h",
                        "forgotten transactions stop vacuum; Airflow's are shorter");
    }

    private static ParameterSection memory(MemorySizing memory) {
        return ParameterSection.of("Memory")
                .add(memory.sharedBuffers())
                .add(memory.effectiveCacheSize())
                .add(memory.workMem())
                .add("huge_pages", "off", "where a node has some and the pod requests none, its server would be killed")
                .add("dynamic_shared_memory_type", "posix", "/dev/shm is a memory volume of the pod");
    }

    private static ParameterSection checkpoints(WalSizing wal) {
        return ParameterSection.of("Write-ahead log")
                .add("wal_buffers", "16MB", "one segment")
                .add("checkpoint_completion_target", "0.9", "spread a checkpoint's writes over the time until the next")
                .add("max_wal_size", wal.maxWalSize(), "checkpoints by time, not by amount, unless the volume is small")
                .add("min_wal_size", wal.minWalSize(), "kept for reuse, so that bursts need no new files");
    }

    private static ParameterSection replication(WalSizing wal) {
        return ParameterSection.of("Replication")
                .add("max_wal_senders", "3", "standby, WAL archiver, base backup")
                .add("max_replication_slots", "10", "one for each reader of WAL, and reserve")
                .add("wal_keep_size", wal.minWalSize(), "a cushion for readers without a slot, as after a failover")
                .add(
                        "max_slot_wal_keep_size",
                        wal.maxSlotWalKeepSize(),
                        "40 % of the WAL volume: no reader can fill it")
                .add("wal_sender_timeout", "20s", "a dead standby frees its sender soon")
                .add("wal_receiver_timeout", "10s", "a dead primary is noticed soon")
                .add("wal_receiver_status_interval", "2s", "replication lag as the primary sees it is this old at most")
                .add("wal_retrieve_retry_interval", "1s", "a standby is back soon after its primary")
                .add("hot_standby_feedback", "on", "reads on the standby are not cancelled by vacuum");
    }

    private static ParameterSection planner() {
        return ParameterSection.of("Planner")
                .add("random_page_cost", "1.1", "SSDs read scattered pages about as fast as others")
                .add("jit", "off", "compiling costs more than it saves for Airflow's short queries");
    }

    private static ParameterSection autovacuum() {
        return ParameterSection.of("Autovacuum: Airflow updates and deletes the rows of a few tables all the time")
                .add("autovacuum_naptime", "30s", "how often it looks")
                .add("autovacuum_vacuum_scale_factor", "0.05", "vacuum at 5 % dead rows instead of 20 %")
                .add(
                        "autovacuum_vacuum_insert_scale_factor",
                        "0.1",
                        "keeps append-only log tables visible to index scans")
                .add("autovacuum_analyze_scale_factor", "0.02", "fresh statistics at 2 % changed rows instead of 10 %")
                .add("autovacuum_vacuum_cost_limit", "1000", "five times the usual pace: it must keep up");
    }
}
