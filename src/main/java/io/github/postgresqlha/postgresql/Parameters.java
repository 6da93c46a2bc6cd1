package io.github.postgresqlha.postgresql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The product's own {@code postgresql.conf}: the same for every instance, because a standby must not have less than its
 * primary of what WAL replay needs, and because either may be primary.
 *
 * <p>What an instance alone knows (socket folder, {@code primary_conninfo}, slot) is given by {@code instance.sh}.
 */
public final class Parameters {

    private static final PostgresVersion FIRST_WITH_WAL_SUMMARIES = PostgresVersion.V17;

    private Parameters() {}

    /**
     * The parameters for a version of PostgreSQL and a WAL volume.
     *
     * @param memory what of a member's memory the server takes, where the specification does not say
     * @param security who gets in, and what is logged of it
     * @param synchronousMembers instances of which one has to confirm each commit; none where replication is asynchronous
     * @param values the specification's own, by name: none that the product owns
     */
    public static ParameterSet of(
            PostgresVersion version,
            WalSizing wal,
            MemorySizing memory,
            ServerSecurity security,
            List<String> synchronousMembers,
            Map<String, String> values) {
        List<ParameterSection> sections = new ArrayList<>(List.of(
                MandatoryParameters.connections(version.knowsReservedConnections()),
                MandatoryParameters.replication(version.compareTo(FIRST_WITH_WAL_SUMMARIES) >= 0),
                MandatoryParameters.security(security.passwordEncryption())));
        if (!synchronousMembers.isEmpty()) {
            sections.add(MandatoryParameters.synchronous(synchronousMembers));
        }
        security.tls().map(ServerTls::parameters).ifPresent(sections::add);
        sections.addAll(DefaultParameters.all(wal, memory));
        sections.add(StatementStatistics.section());
        sections.add(LogParameters.section(security.audit() != Audit.OFF));
        if (security.audit() != Audit.OFF) {
            sections.add(
                    security.audit().parameters(Audit.hasPgaudit(values.getOrDefault("shared_preload_libraries", ""))));
        }
        return new ParameterSet(sections).with(values);
    }
}
