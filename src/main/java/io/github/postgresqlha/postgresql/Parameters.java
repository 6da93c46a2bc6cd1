package io.github.postgresqlha.postgresql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
     * @param passwordEncryption {@code scram-sha-256} or {@code md5}
     * @param synchronousMembers instances of which one has to confirm each commit; none where replication is asynchronous
     * @param tls empty where TLS is not offered
     * @param values the specification's own, by name: none that the product owns
     */
    public static ParameterSet of(
            PostgresVersion version,
            WalSizing wal,
            String passwordEncryption,
            List<String> synchronousMembers,
            Optional<ServerTls> tls,
            Map<String, String> values) {
        List<ParameterSection> sections = new ArrayList<>(List.of(
                MandatoryParameters.connections(version.knowsReservedConnections()),
                MandatoryParameters.replication(version.compareTo(FIRST_WITH_WAL_SUMMARIES) >= 0),
                MandatoryParameters.security(passwordEncryption)));
        if (!synchronousMembers.isEmpty()) {
            sections.add(MandatoryParameters.synchronous(synchronousMembers));
        }
        tls.map(ServerTls::parameters).ifPresent(sections::add);
        sections.addAll(DefaultParameters.all(wal));
        return new ParameterSet(sections).with(values);
    }
}
