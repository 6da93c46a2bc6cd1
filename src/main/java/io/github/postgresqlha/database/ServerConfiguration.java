package io.github.postgresqlha.database;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Member;
import io.github.postgresqlha.kubernetes.Checksum;
import io.github.postgresqlha.monitoring.HealthCheckLimits;
import io.github.postgresqlha.patroni.PatroniConfiguration;
import io.github.postgresqlha.postgresql.HbaRules;
import io.github.postgresqlha.postgresql.IdentMap;
import io.github.postgresqlha.postgresql.ParameterSet;
import io.github.postgresqlha.postgresql.Parameters;
import io.github.postgresqlha.postgresql.PostgresVersion;
import io.github.postgresqlha.postgresql.ServerSecurity;
import io.github.postgresqlha.postgresql.ServerTls;
import io.github.postgresqlha.postgresql.WalSizing;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.script.Scripts;
import io.github.postgresqlha.spec.MemoryTuning;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** PostgreSQL's configuration files, the same for every instance. */
record ServerConfiguration(
        ParameterSet parameters, HbaRules hbaRules, IdentMap identMap, Optional<PatroniConfiguration> patroni) {

    /** The files of an installation. */
    static ServerConfiguration of(Installation installation) {
        PostgresqlHaSpec spec = installation.spec();
        PostgresVersion version = spec.postgresVersion();
        String method = spec.authentication().toString();
        ParameterSet parameters = Parameters.of(
                version,
                new WalSizing(smallestWalVolume(installation)),
                MemoryTuning.of(spec),
                new ServerSecurity(method, tls(installation), spec.audit()),
                synchronous(installation),
                spec.configuration().values());
        HbaRules rules = HbaRules.of(version, installation.database(), installation.owner(), method)
                .withDumps(spec.backup().databases(), method)
                .with(DeclaredRecords.of(spec));
        if (installation.isAutomatic()) {
            rules = rules.withLocalReplication();
        }
        return new ServerConfiguration(
                parameters,
                installation.requiresTls() ? rules.onlyWithTls() : rules,
                IdentMap.of(version, installation.owner()),
                installation.isAutomatic()
                        ? Optional.of(new PatroniConfiguration(installation, parameters))
                        : Optional.empty());
    }

    /** Any instance may be primary: what WAL may take has to fit each. */
    private static long smallestWalVolume(Installation installation) {
        return installation.members().stream()
                .mapToLong(member ->
                        new Instance(installation, member).storage().wal().bytes())
                .min()
                .orElseThrow();
    }

    private static Optional<ServerTls> tls(Installation installation) {
        return installation.hasTls()
                ? Optional.of(new ServerTls(
                        ScriptEnvironment.SERVER_TLS_DIRECTORY,
                        installation.spec().tls().minProtocolVersion().toString()))
                : Optional.empty();
    }

    /** Either member may be primary, and then waits for the other. Patroni names the members itself. */
    private static List<String> synchronous(Installation installation) {
        return installation.durability().isPresent() && !installation.isAutomatic()
                ? installation.members().stream().map(Member::instance).toList()
                : List.of();
    }

    ConfigMap configMap(Installation installation) {
        SortedMap<String, String> files = new TreeMap<>(Map.of(
                "postgresql.conf", parameters.render(),
                "pg_hba.conf", hbaRules.render(),
                "pg_ident.conf", identMap.render()));
        DeclaredFile.of(installation.spec()).ifPresent(file -> files.put(DeclaredFile.NAME, file));
        patroni.ifPresent(configuration -> files.putAll(configuration.files()));
        files.put(HealthCheckLimits.FILE, HealthCheckLimits.file(installation, files));
        return new ConfigMapBuilder()
                .withMetadata(installation.metadata(installation.names().config(), Component.CONFIGURATION))
                .withData(files)
                .build();
    }

    /**
     * Changes exactly when a running instance has to be restarted: the supervisor's own program, and parameters that
     * PostgreSQL reads only at its start. Everything else the supervisor takes over from the mounted folders.
     */
    String restartChecksum() {
        return patroni.map(configuration ->
                        Checksum.of(parameters.restartRequired(), Scripts.program("patroni.sh"), configuration.local()))
                .orElseGet(() -> Checksum.of(parameters.restartRequired(), Scripts.program("instance.sh")));
    }
}
