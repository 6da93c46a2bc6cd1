package io.github.postgresqlha.postgresql;

import java.util.Set;

/**
 * Parameters that a specification cannot set, because manifests, probes or the supervisor depend on their values, or because
 * the supervisor writes them for each instance.
 */
public final class OwnedParameters {

    private static final Set<String> NAMES = Set.of(
            "allow_alter_system",
            "archive_cleanup_command",
            "archive_command",
            "archive_library",
            "archive_mode",
            "cluster_name",
            "config_file",
            "data_directory",
            "event_source",
            "external_pid_file",
            "fsync",
            "full_page_writes",
            "hba_file",
            "hosts_file",
            "hot_standby",
            "ident_file",
            "include",
            "listen_addresses",
            "log_directory",
            "log_filename",
            "logging_collector",
            "password_encryption",
            "port",
            "primary_conninfo",
            "primary_slot_name",
            "promote_trigger_file",
            "reserved_connections",
            "restart_after_crash",
            "restore_command",
            "ssl",
            "ssl_ca_file",
            "ssl_cert_file",
            "ssl_key_file",
            "ssl_min_protocol_version",
            "summarize_wal",
            "synchronous_standby_names",
            "unix_socket_directories",
            "unix_socket_permissions",
            "wal_level",
            "wal_log_hints",
            "wal_sender_shutdown_timeout");

    /** The supervisor sets them while it recovers. */
    private static final Set<String> OF_A_RECOVERY = Set.of("recovery_end_command", "recovery_min_apply_delay");

    private OwnedParameters() {}

    /** Whether the product sets a parameter itself. */
    public static boolean contains(String name) {
        return NAMES.contains(name) || name.startsWith("recovery_target") || OF_A_RECOVERY.contains(name);
    }
}
