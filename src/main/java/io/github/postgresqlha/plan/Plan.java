package io.github.postgresqlha.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.access.AccessObjects;
import io.github.postgresqlha.admission.AdmissionObjects;
import io.github.postgresqlha.airflow.AirflowObjects;
import io.github.postgresqlha.backup.BackupObjects;
import io.github.postgresqlha.credentials.CertManagerObjects;
import io.github.postgresqlha.credentials.PasswordSecret;
import io.github.postgresqlha.database.DatabaseObjects;
import io.github.postgresqlha.edit.Edits;
import io.github.postgresqlha.edit.SpecEdits;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.Namespaces;
import io.github.postgresqlha.metrics.MetricsObjects;
import io.github.postgresqlha.monitoring.HealthCheckCronJob;
import io.github.postgresqlha.network.Policies;
import io.github.postgresqlha.pooler.PoolerObjects;
import io.github.postgresqlha.spec.Violations;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

/** The whole installation, in the order in which it is applied. */
public final class Plan {

    private Plan() {}

    /** Its parts; those that the specification leaves without any object are not among them. */
    public static List<Part> parts(Installation installation) {
        return parts(installation, Edits.none());
    }

    /**
     * Its parts after some edits.
     *
     * @throws io.github.postgresqlha.spec.InvalidSpecException where an edit would break what the product needs
     */
    public static List<Part> parts(Installation installation, Edits edits) {
        Edits all = SpecEdits.of(installation.spec()).and(edits);
        Violations violations = new Violations("edits");
        List<Part> parts = Stream.of(PartName.values())
                .map(name -> part(name, installation))
                .filter(part -> !part.objects().isEmpty())
                .map(part -> part.edited(all, violations))
                .toList();
        new Doubles(installation.names().namespace(), violations).check(parts);
        violations.throwIfAny();
        return parts;
    }

    private static Part part(PartName name, Installation installation) {
        return new Part(name, installation.names().manifest(name.suffix()), List.copyOf(objects(name, installation)));
    }

    /** All that is the product's own; the kit is Airflow's. */
    private static List<HasMetadata> protectedObjects(Installation installation) {
        return EnumSet.complementOf(EnumSet.of(PartName.AIRFLOW, PartName.ADMISSION, PartName.EXTRA)).stream()
                .<HasMetadata>flatMap(name -> objects(name, installation).stream())
                .toList();
    }

    private static List<? extends HasMetadata> objects(PartName name, Installation installation) {
        return switch (name) {
            case NAMESPACE -> installation.spec().createNamespace() ? List.of(Namespaces.of(installation)) : List.of();
            case STORAGE -> DatabaseObjects.claims(installation);
            case CONFIGMAP -> DatabaseObjects.configuration(installation);
            case SECRET -> secrets(installation);
            case RBAC -> AccessObjects.of(installation);
            case NETWORK -> Policies.of(installation);
            case PRIMARY -> DatabaseObjects.primary(installation);
            case STANDBY -> DatabaseObjects.standbys(installation);
            case BACKUP -> BackupObjects.of(installation);
            case MONITORING -> List.of(HealthCheckCronJob.of(installation));
            case AIRFLOW -> AirflowObjects.of(installation);
            case POOLER -> PoolerObjects.of(installation);
            case METRICS -> MetricsObjects.of(installation);
            case ADMISSION -> AdmissionObjects.of(installation, () -> protectedObjects(installation));
            case EXTRA -> installation.spec().extraObjects();
        };
    }

    private static List<HasMetadata> secrets(Installation installation) {
        return Stream.concat(PasswordSecret.of(installation).stream(), CertManagerObjects.of(installation).stream())
                .toList();
    }
}
