package io.github.postgresqlha.spec;

import io.github.postgresqlha.postgresql.ParameterCatalogue;
import io.github.postgresqlha.postgresql.Synchronous;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/** What the parameters have to keep beside the rest of a specification: its major, its standbys and their slots, its WAL volume. */
final class ParameterRules {

    private static final String SECTION = "configuration.parameters.";

    /** What PostgreSQL counts sizes of WAL in. */
    private static final long MEGABYTE = 1L << 20;

    /** Each may take that much of the WAL volume: what is kept for readers, and what is kept until a checkpoint. */
    private static final List<String> WAL_SIZES =
            List.of("max_wal_size", "min_wal_size", "wal_keep_size", "max_slot_wal_keep_size");

    /** With any of them a commit is acknowledged before a standby has it. */
    private static final Set<String> WITHOUT_STANDBY = Set.of("off", "false", "no", "0", "local");

    private final PostgresqlHaSpec spec;
    private final Violations violations;

    private ParameterRules(PostgresqlHaSpec spec, Violations violations) {
        this.spec = spec;
        this.violations = violations;
    }

    static void check(PostgresqlHaSpec spec, Violations violations) {
        ParameterRules rules = new ParameterRules(spec, violations);
        spec.configuration().parameters().forEach(rules::parameter);
        rules.walReaders();
        WAL_SIZES.forEach(rules::walSize);
        rules.walReserve();
    }

    private void parameter(String name, String value) {
        String path = SECTION + name;
        ParameterNames.problem(spec.postgresVersion(), name)
                .ifPresent(problem -> violations.require(false, path, problem));
        violations.require(
                !spec.audit().sets(name),
                path,
                "is what audit: " + spec.audit() + " sets, got '" + value + "'; remove it, or set audit to off");
        violations.require(
                !name.equals("io_method") || !value.strip().equalsIgnoreCase("io_uring"),
                path,
                "must be worker or sync, got '" + value
                        + "': the seccomp profile of the pods forbids io_uring, and the server would not start; use worker");
        violations.require(
                !name.equals("synchronous_commit") || waits(value),
                path,
                "must wait for a standby with replication.synchronous "
                        + spec.replication().synchronous() + ", got '"
                        + value + "': what is acknowledged could be lost; remove it, or set replication.synchronous"
                        + " to false");
        violations.require(
                !name.equals("ssl_max_protocol_version") || reachesLeastTls(value),
                path,
                "must not be below tls.minProtocolVersion " + spec.tls().minProtocolVersion() + ", got '" + value
                        + "': the server would not start; remove it, or lower tls.minProtocolVersion");
    }

    private boolean waits(String commit) {
        return spec.replication().synchronous() == Synchronous.FALSE
                || !WITHOUT_STANDBY.contains(commit.strip().toLowerCase(Locale.ROOT));
    }

    /** The names of the versions are in the order of the versions. An empty one is no limit. */
    private boolean reachesLeastTls(String newest) {
        String least = spec.tls().minProtocolVersion().toString().toLowerCase(Locale.ROOT);
        return spec.tls().mode() == TlsMode.OFF
                || newest.isBlank()
                || newest.strip().toLowerCase(Locale.ROOT).compareTo(least) >= 0;
    }

    /** Each of them has a process of the primary, and a slot, if only while it copies. */
    private void walReaders() {
        int standbys = spec.standbys();
        int archiver = spec.backup().walArchive().enabled() ? 1 : 0;
        int needed = standbys + archiver + 1;
        String readers = standbys + " for standbys, " + archiver + " for the WAL archiver, 1 for a base backup";
        int senders = spec.configuration().maxWalSenders();
        violations.require(
                senders >= needed && senders <= 100,
                "configuration.maxWalSenders",
                "must be " + needed + " to 100 (" + readers + "), got " + senders + "; set it to " + needed
                        + " or more");
        OptionalDouble slots = amount("max_replication_slots");
        violations.require(
                slots.orElse(needed) >= needed,
                SECTION + "max_replication_slots",
                "must be at least " + needed + " (" + readers + "), got '" + text("max_replication_slots")
                        + "'; raise it");
    }

    private void walSize(String name) {
        OptionalDouble size = amount(name);
        if (size.isEmpty()) {
            return;
        }
        long volume = spec.primary().storage().wal().bytes();
        violations.require(
                size.getAsDouble() >= 0 && size.getAsDouble() * MEGABYTE <= volume / 2.0,
                SECTION + name,
                "must be at most half of primary.storage.wal.size " + Quantities.gibibytes(volume) + ", got '"
                        + text(name) + "'" + (size.getAsDouble() < 0 ? ", which is no limit" : "")
                        + ": what else is in the volume needs the rest; lower it or raise the volume");
    }

    private void walReserve() {
        double largest = amount("max_wal_size").orElse(Double.MAX_VALUE);
        violations.require(
                amount("min_wal_size").orElse(0) < largest,
                SECTION + "min_wal_size",
                "must be less than max_wal_size, got '" + text("min_wal_size") + "'; lower it");
    }

    /** A number among the free parameters, in the parameter's own unit; empty where the specification leaves it to the product. */
    private OptionalDouble amount(String name) {
        return ParameterCatalogue.amount(name, text(name));
    }

    private String text(String name) {
        return spec.configuration().parameters().getOrDefault(name, "");
    }
}
