package io.github.postgresqlha.database;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.access.DatabaseAccess;
import io.github.postgresqlha.credentials.CredentialsSpec;
import io.github.postgresqlha.credentials.DatabaseCredentials;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.kubernetes.Manifest;
import io.github.postgresqlha.network.DatabaseNetwork;
import io.github.postgresqlha.network.NetworkSpec;
import io.github.postgresqlha.patroni.PatroniSpec;
import io.github.postgresqlha.postgresql.ConfigurationSpec;
import java.util.List;
import java.util.Map;
import software.constructs.Construct;

/** The instance named primary, with what both instances share: the Service of their pods' names, their budget. */
public final class PrimaryDatabase extends Manifest {

    private final Installation installation;
    private final String restartChecksum;
    private final boolean hasCompanions;

    /** The instance alone; its companions are constructs of their own. */
    public PrimaryDatabase(Construct scope, String id, DatabaseConfiguration configuration, PrimaryDatabaseSpec spec) {
        this(scope, id, configuration.installation(), spec, configuration.restartChecksum(), false);
    }

    /** The instance with default companions below it: configuration, Secret, claims, policies, accounts. */
    public PrimaryDatabase(Construct scope, String id, Installation installation, PrimaryDatabaseSpec spec) {
        this(scope, id, installation, spec, configuration(installation, spec).restartChecksum(), true);
        ConfigurationSpec configuration = ConfigurationSpec.builder().build();
        new DatabaseConfiguration(
                this,
                "configuration",
                installation,
                configuration,
                spec.storage().wal().bytes());
        new DatabaseCredentials(
                this, "credentials", installation, CredentialsSpec.builder().build());
        new DatabaseStorage(this, "storage", installation, Map.of(Component.PRIMARY, spec.storage()));
        new DatabaseNetwork(this, "network", installation, NetworkSpec.builder().build());
        new DatabaseAccess(this, "access", installation);
    }

    private PrimaryDatabase(
            Construct scope,
            String id,
            Installation installation,
            PrimaryDatabaseSpec spec,
            String restartChecksum,
            boolean hasCompanions) {
        super(scope, id, objects(installation, spec, restartChecksum));
        this.installation = installation;
        this.restartChecksum = restartChecksum;
        this.hasCompanions = hasCompanions;
    }

    /** The installation that it belongs to. */
    public Installation installation() {
        return installation;
    }

    /** The Service by which clients reach this instance. */
    public String serviceName() {
        return installation.names().primary();
    }

    String restartChecksum() {
        return restartChecksum;
    }

    boolean hasCompanions() {
        return hasCompanions;
    }

    private static ServerConfiguration configuration(Installation installation, PrimaryDatabaseSpec spec) {
        return ServerConfiguration.of(
                installation,
                ConfigurationSpec.builder().build(),
                PatroniSpec.builder().build(),
                spec.storage().wal().bytes());
    }

    /** The objects alone, without cdk8s. */
    public static List<HasMetadata> objects(Installation installation, PrimaryDatabaseSpec spec, String checksum) {
        Instance instance = new Instance(
                installation, installation.member(Component.PRIMARY), spec.resources(), spec.nodeSelector(), checksum);
        return List.of(
                InstanceStatefulSet.of(instance),
                DatabaseService.of(installation, instance.member()),
                DatabaseService.peers(installation),
                DisruptionBudget.of(installation));
    }
}
