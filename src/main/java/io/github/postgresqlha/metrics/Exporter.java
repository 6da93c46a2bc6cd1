package io.github.postgresqlha.metrics;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.github.postgresqlha.credentials.PasswordSource;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.ComputeResources;
import io.github.postgresqlha.kubernetes.Hardening;
import io.github.postgresqlha.kubernetes.Ports;
import io.github.postgresqlha.kubernetes.Volumes;
import io.github.postgresqlha.postgresql.DatabaseRole;
import io.github.postgresqlha.postgresql.PostgresVersion;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.spec.MetricsSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * postgres_exporter beside a member, as the role {@code monitor} by TCP within the pod. The socket it does not get: by that the pod's user is any role
 * without a password. It runs as another user, and sees one password and no private key.
 */
public final class Exporter {

    /** The container's name. */
    public static final String CONTAINER = "metrics";

    private static final String FOLDER = "/etc/postgresql-metrics";
    private static final String SECRET_VOLUME = "metrics-secret";
    private static final String AUTHORITY_VOLUME = "metrics-ca";
    private static final String PASSFILE_VOLUME = "metrics-passfile";
    private static final String AUTHORITY = "ca.crt";

    /** nobody, as the image has it. */
    private static final long USER = 65534L;

    private Exporter() {}

    /** The container; nothing where there are no figures. */
    public static List<Container> containers(Installation installation) {
        MetricsSpec spec = installation.spec().metrics();
        return spec.enabled() ? List.of(container(installation, spec)) : List.of();
    }

    private static Container container(Installation installation, MetricsSpec spec) {
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(spec.image())
                .withImagePullPolicy(installation.image().pullPolicy().toString())
                .withCommand("/bin/sh", FOLDER + "/exporter.sh")
                .withEnv(environment(installation).variables())
                .addNewPort()
                .withName(Ports.METRICS_NAME)
                .withContainerPort(Ports.METRICS)
                .withProtocol("TCP")
                .endPort()
                .withResources(ComputeResources.of(spec.resources(), "16Mi", "64Mi"))
                .withSecurityContext(new SecurityContextBuilder(Hardening.container())
                        .withRunAsUser(USER)
                        .build())
                .withVolumeMounts(mounts(installation))
                .build();
    }

    private static ScriptEnvironment environment(Installation installation) {
        String verified = "sslmode=verify-full&sslrootcert=" + ScriptEnvironment.TLS_DIRECTORY + "/" + AUTHORITY;
        return new ScriptEnvironment()
                .set(
                        "DATA_SOURCE_NAME",
                        "postgresql://" + DatabaseRole.MONITOR.role() + "@localhost:" + Ports.POSTGRESQL
                                + "/postgres?connect_timeout=5&application_name=metrics&"
                                + (installation.requiresTls() ? verified : "sslmode=disable"))
                .set("SECRET_FILE", ScriptEnvironment.SECRET_DIRECTORY + "/monitor-password")
                .set("PGPASSFILE", ScriptEnvironment.PASSFILE_DIRECTORY + "/pgpass")
                .set("QUERIES", FOLDER + "/queries.yaml");
    }

    private static List<VolumeMount> mounts(Installation installation) {
        List<VolumeMount> mounts = new ArrayList<>(List.of(
                Volumes.readOnlyMount(CONTAINER, FOLDER),
                Volumes.mount(PASSFILE_VOLUME, ScriptEnvironment.PASSFILE_DIRECTORY)));
        if (hasVolumeOfPassword(installation)) {
            mounts.add(Volumes.readOnlyMount(SECRET_VOLUME, ScriptEnvironment.SECRET_DIRECTORY));
        }
        if (installation.requiresTls()) {
            mounts.add(Volumes.readOnlyMount(AUTHORITY_VOLUME, ScriptEnvironment.TLS_DIRECTORY));
        }
        return mounts;
    }

    /** Of the member's pod: what only the exporter has. */
    public static List<Volume> volumes(Installation installation) {
        if (!installation.spec().metrics().enabled()) {
            return List.of();
        }
        List<Volume> volumes = new ArrayList<>(List.of(
                Volumes.configMap(CONTAINER, installation.names().metrics()), Volumes.memory(PASSFILE_VOLUME, "1Mi")));
        if (hasVolumeOfPassword(installation)) {
            volumes.add(password(installation));
        }
        if (installation.requiresTls()) {
            volumes.add(optional(Volumes.secret(AUTHORITY_VOLUME, installation.tlsSecretName(), List.of(AUTHORITY))));
        }
        return volumes;
    }

    /** Vault's injector mounts into every container by itself. */
    private static boolean hasVolumeOfPassword(Installation installation) {
        return installation.spec().credentials().vaultAgent().isEmpty();
    }

    private static Volume password(Installation installation) {
        PasswordSource source = PasswordSource.of(installation, DatabaseRole.MONITOR.role());
        KeyToPath file = new KeyToPath(source.key(), null, DatabaseRole.secretKey(source.role()));
        return Volumes.secrets(SECRET_VOLUME, Map.of(source.secret(), List.of(file)), true);
    }

    /** A pod whose Secret is not there yet starts: its database does not wait for its figures. */
    private static Volume optional(Volume volume) {
        return new VolumeBuilder(volume)
                .editSecret()
                .withOptional(true)
                .endSecret()
                .build();
    }

    /** Annotations of the member's pod, by which a Prometheus without its operator finds it. */
    public static Map<String, String> annotations(Installation installation) {
        MetricsSpec spec = installation.spec().metrics();
        return spec.enabled() && spec.scrapeAnnotations()
                ? new TreeMap<>(Map.of(
                        "prometheus.io/scrape", "true",
                        "prometheus.io/port", String.valueOf(Ports.METRICS),
                        "prometheus.io/path", "/metrics"))
                : Map.of();
    }

    /** The ConfigMap of what it runs and asks; nothing where there are no figures. */
    public static List<ConfigMap> configuration(Installation installation) {
        if (!installation.spec().metrics().enabled()) {
            return List.of();
        }
        return List.of(new ConfigMapBuilder()
                .withMetadata(installation.metadata(installation.names().metrics(), Component.CONFIGURATION))
                .withData(new TreeMap<>(Map.of(
                        "exporter.sh",
                        Resource.read("exporter.sh"),
                        "queries.yaml",
                        queries(installation.spec().postgresVersion()))))
                .build());
    }

    /** PostgreSQL 17 moved the counters of checkpoints. */
    static String queries(PostgresVersion version) {
        String checkpoints = version.compareTo(PostgresVersion.V17) >= 0 ? "17" : "15";
        return Resource.read("queries.yaml") + Resource.read("queries-checkpoints-" + checkpoints + ".yaml");
    }
}
