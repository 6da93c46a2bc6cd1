package io.github.postgresqlha.database;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.kubernetes.Manifest;
import io.github.postgresqlha.patroni.PatroniSpec;
import io.github.postgresqlha.postgresql.ConfigurationSpec;
import io.github.postgresqlha.script.ScriptConfigMaps;
import java.util.ArrayList;
import java.util.List;
import software.constructs.Construct;

/** The ConfigMaps of an installation: PostgreSQL's configuration files and the scripts. */
public final class DatabaseConfiguration extends Manifest {

    private final Installation installation;
    private final String restartChecksum;

    /** The configuration of every instance, with Patroni's defaults where it runs. */
    public DatabaseConfiguration(
            Construct scope, String id, Installation installation, ConfigurationSpec spec, long walBytes) {
        this(scope, id, installation, spec, PatroniSpec.builder().build(), walBytes);
    }

    /**
     * The configuration of every instance.
     *
     * @param patroni matters only where failover is automatic
     * @param walBytes size of the smallest WAL volume among the instances: what WAL may take is derived from it
     */
    public DatabaseConfiguration(
            Construct scope,
            String id,
            Installation installation,
            ConfigurationSpec spec,
            PatroniSpec patroni,
            long walBytes) {
        this(scope, id, installation, ServerConfiguration.of(installation, spec, patroni, walBytes));
    }

    private DatabaseConfiguration(Construct scope, String id, Installation installation, ServerConfiguration server) {
        super(scope, id, objects(installation, server));
        this.installation = installation;
        this.restartChecksum = server.restartChecksum();
    }

    private static List<HasMetadata> objects(Installation installation, ServerConfiguration server) {
        List<HasMetadata> objects = new ArrayList<>(List.of(server.configMap(installation)));
        objects.addAll(ScriptConfigMaps.all(installation));
        return objects;
    }

    /** The installation that it configures. */
    public Installation installation() {
        return installation;
    }

    /** Changes with whatever only a restart of an instance applies. */
    public String restartChecksum() {
        return restartChecksum;
    }
}
