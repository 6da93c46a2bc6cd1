package io.github.postgresqlha.patroni;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Labels;
import io.github.postgresqlha.kubernetes.Generated;
import io.github.postgresqlha.kubernetes.Ports;
import io.github.postgresqlha.postgresql.DataDurability;
import io.github.postgresqlha.postgresql.ParameterSet;
import io.github.postgresqlha.postgresql.ReplicationSlot;
import io.github.postgresqlha.postgresql.Synchronous;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.script.Scripts;
import io.github.postgresqlha.spec.PatroniSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Patroni's two files. What only one member knows (its address, the passwords) its supervisor adds.
 *
 * @see <a href="https://patroni.readthedocs.io/en/latest/yaml_configuration.html">YAML configuration</a>
 */
public record PatroniConfiguration(Installation installation, ParameterSet parameters) {

    /** What a member reads when it starts. */
    public static final String LOCAL = "patroni.yml";

    /** What the members share; the primary's supervisor brings it up to date while Patroni runs. */
    public static final String DYNAMIC = "patroni-dynamic.yml";

    /** Patroni gives these to PostgreSQL itself, so that they change on standbys before the primary where that matters. */
    private static final List<String> COORDINATED = List.of(
            "hot_standby",
            "max_connections",
            "max_locks_per_transaction",
            "max_prepared_transactions",
            "max_replication_slots",
            "max_wal_senders",
            "max_worker_processes",
            "track_commit_timestamp",
            "wal_keep_size",
            "wal_level",
            "wal_log_hints");

    /**
     * 403 is tried again, as 500 is, and asks failsafe mode in the end. Patroni does so for a lock that it renews, and not for one that has run out: with its
     * rights gone and its watch still open, a primary stopped. The place for it is the section kubernetes; what is there Patroni 4.1.5 forgets at its first
     * look at the shared configuration, and takes what stands at the top.
     */
    private static final List<Integer> RETRIED = List.of(403);

    /** How long the slot of a member that is away keeps WAL, within max_slot_wal_keep_size. */
    private static final String ABSENT_MEMBER = "24h";

    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .build())
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** Both files, by name. */
    public Map<String, String> files() {
        return Map.of(LOCAL, local(), DYNAMIC, render(dynamic()));
    }

    /** The file of a member alone: it is read at a start only. */
    public String local() {
        return render(Map.of(
                "scope", installation.names().patroniScope(),
                "kubernetes", kubernetes(),
                "retriable_http_codes", RETRIED,
                "log", Map.of("deduplicate_heartbeat_logs", true),
                // The supervisor is the watchdog; pods have no device.
                "watchdog", Map.of("mode", "off"),
                "restapi", restApi(),
                "postgresql", postgresql(),
                // A new database is made by the supervisor, which knows when that is safe; never by Patroni.
                "bootstrap", Map.of("method", "refused", "refused", Map.of("command", "/bin/false"))));
    }

    /**
     * Who asks for a change needs the key, and an address of a member. The list of further addresses stays empty: where it is not, Patroni asks it, and not
     * the members, for POST /failsafe, and refuses the very members whose consent keeps a primary alive.
     */
    private static Map<String, Object> restApi() {
        return Map.of("listen", "0.0.0.0:" + Ports.PATRONI, "allowlist_include_members", true);
    }

    private static Map<String, Object> kubernetes() {
        return Map.of(
                "retriable_http_codes",
                RETRIED,
                "labels",
                Map.of(Labels.PART_OF, Labels.PRODUCT),
                "scope_label",
                Labels.PATRONI_SCOPE,
                "role_label",
                Labels.ROLE,
                "leader_label_value",
                "primary",
                "follower_label_value",
                "standby",
                "standby_leader_label_value",
                "primary",
                "use_endpoints",
                false);
    }

    private Map<String, Object> postgresql() {
        return Map.ofEntries(
                Map.entry("listen", "*:" + Ports.POSTGRESQL),
                Map.entry("data_dir", ScriptEnvironment.PGDATA),
                Map.entry(
                        "bin_dir", "/usr/lib/postgresql/" + installation.image().version() + "/bin"),
                Map.entry(
                        "bin_name",
                        Map.of("postgres", path("patroni/postgres.sh"), "pg_rewind", path("patroni/rewind.sh"))),
                Map.entry("pre_promote", path("patroni/pre-promote.sh")),
                Map.entry("custom_conf", ScriptEnvironment.CONFIG_DIRECTORY + "/postgresql.conf"),
                Map.entry("use_unix_socket", true),
                Map.entry("use_unix_socket_repl", true),
                Map.entry("pgpass", ScriptEnvironment.PASSFILE_DIRECTORY + "/patroni.pgpass"),
                Map.entry("create_replica_methods", List.of("clone")),
                Map.entry("clone", Map.of("command", path("patroni/clone.sh"), "keep_data", true)),
                Map.entry(
                        "parameters",
                        Map.of(
                                "hba_file", ScriptEnvironment.CONFIG_DIRECTORY + "/pg_hba.conf",
                                "ident_file", ScriptEnvironment.CONFIG_DIRECTORY + "/pg_ident.conf",
                                "unix_socket_directories", ScriptEnvironment.SOCKET_DIRECTORY)));
    }

    private static String path(String script) {
        return Scripts.get(script).mountPath();
    }

    private Map<String, Object> dynamic() {
        PatroniSpec spec = installation.spec().patroni();
        Map<String, Object> dynamic = new HashMap<>(Map.of(
                "ttl", spec.ttl(),
                "loop_wait", spec.loopWait(),
                "retry_timeout", spec.retryTimeout(),
                // The supervisor's own; Patroni keeps what it does not know.
                "primary_return_timeout", spec.primaryReturnTimeout(),
                "maximum_lag_on_failover", spec.maximumLagOnFailover().bytes(),
                "failsafe_mode", spec.failsafeMode(),
                "check_timeline", true,
                "member_slots_ttl", ABSENT_MEMBER,
                "postgresql", Map.of("use_pg_rewind", true, "use_slots", true, "parameters", coordinated())));
        installation.durability().ifPresent(durability -> {
            dynamic.put(
                    "synchronous_mode",
                    installation.spec().replication().synchronous() == Synchronous.QUORUM ? "quorum" : true);
            dynamic.put("synchronous_mode_strict", durability == DataDurability.REQUIRED);
        });
        if (installation.archivesWal()) {
            dynamic.put("slots", Map.of(ReplicationSlot.WAL_ARCHIVER.name(), Map.of("type", "physical")));
        }
        return dynamic;
    }

    private Map<String, Object> coordinated() {
        return COORDINATED.stream()
                .filter(parameters.names()::contains)
                .collect(Collectors.toMap(name -> name, parameters::value));
    }

    private static String render(Map<String, Object> content) {
        try {
            return Generated.HEADER + YAML.writeValueAsString(content);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
