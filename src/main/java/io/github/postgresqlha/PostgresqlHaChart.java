package io.github.postgresqlha;

import io.github.postgresqlha.access.DatabaseAccess;
import io.github.postgresqlha.backup.BackupSchedule;
import io.github.postgresqlha.backup.BackupScheduleSpec;
import io.github.postgresqlha.backup.OffsiteSpec;
import io.github.postgresqlha.credentials.DatabaseCredentials;
import io.github.postgresqlha.database.DatabaseConfiguration;
import io.github.postgresqlha.database.DatabaseStorage;
import io.github.postgresqlha.database.InstanceStorageSpec;
import io.github.postgresqlha.database.PrimaryDatabase;
import io.github.postgresqlha.database.StandbyDatabase;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.DatabaseNamespace;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.kubernetes.Manifest;
import io.github.postgresqlha.kubernetes.TakenNames;
import io.github.postgresqlha.monitoring.BackupLimits;
import io.github.postgresqlha.monitoring.HealthMonitor;
import io.github.postgresqlha.network.DatabaseNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.cdk8s.Chart;
import software.constructs.Construct;

/**
 * A whole installation. The constructs directly under it are the files of {@code dist/}, in the order in which they are
 * applied; their ids are contract.
 */
public class PostgresqlHaChart extends Chart {

    private final Installation installation;
    private final List<Manifest> manifests = new ArrayList<>();
    private final PrimaryDatabase primary;

    /** Everything that the specification describes. */
    public PostgresqlHaChart(Construct scope, String id, PostgresqlHaSpec spec) {
        super(scope, id);
        installation = Installations.of(spec);
        TakenNames.take(scope, "installation " + spec.namespace() + "/" + spec.name());
        add(new DatabaseNamespace(this, file("namespace"), installation));
        add(new DatabaseStorage(this, file("storage"), installation, volumes(spec)));
        DatabaseConfiguration configuration = add(new DatabaseConfiguration(
                this, file("configmap"), installation, spec.configuration(), spec.patroni(), smallestWalVolume(spec)));
        add(new DatabaseCredentials(this, file("secret"), installation, spec.credentials()));
        add(new DatabaseAccess(this, file("rbac"), installation));
        add(new DatabaseNetwork(this, file("network"), installation, spec.network()));
        primary = add(new PrimaryDatabase(this, file("primary"), configuration, spec.primary()));
        if (spec.standby().enabled()) {
            add(new StandbyDatabase(this, file("standby"), primary, spec.standby()));
        }
        add(new BackupSchedule(this, file("backup"), primary, spec.backup()));
        add(new HealthMonitor(this, file("monitoring"), primary, spec.healthMonitor(), limits(spec.backup())));
    }

    private static BackupLimits limits(BackupScheduleSpec spec) {
        return new BackupLimits(
                spec.restoreTest().enabled()
                        ? OptionalLong.of(spec.restoreTest().maxAgeDays())
                        : OptionalLong.empty(),
                spec.offsite().stream().mapToLong(OffsiteSpec::maxAgeMinutes).findFirst());
    }

    /** What all objects share: their names above all. */
    public final Installation installation() {
        return installation;
    }

    /** The instance named primary, for constructs of one's own beside this chart's. */
    public final PrimaryDatabase primary() {
        return primary;
    }

    /** The constructs that are files of their own, in the order in which they are applied. */
    public final List<Manifest> manifests() {
        return List.copyOf(manifests);
    }

    private <T extends Manifest> T add(T manifest) {
        manifests.add(manifest);
        return manifest;
    }

    private String file(String part) {
        return installation.names().manifest(part);
    }

    private static Map<Component, InstanceStorageSpec> volumes(PostgresqlHaSpec spec) {
        return Map.of(
                Component.PRIMARY, spec.primary().storage(),
                Component.STANDBY, spec.standby().storage());
    }

    /** Either instance may be primary: what WAL may take has to fit both. */
    private static long smallestWalVolume(PostgresqlHaSpec spec) {
        long primary = spec.primary().storage().wal().bytes();
        return spec.standby().enabled()
                ? Math.min(primary, spec.standby().storage().wal().bytes())
                : primary;
    }
}
