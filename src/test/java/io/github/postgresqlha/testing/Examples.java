package io.github.postgresqlha.testing;

import io.fabric8.kubernetes.api.model.Quantity;
import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.postgresql.DataDurability;
import io.github.postgresqlha.postgresql.PostgresVersion;
import io.github.postgresqlha.postgresql.Synchronous;
import io.github.postgresqlha.spec.AccessMode;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.BootstrapSpec;
import io.github.postgresqlha.spec.ClientSpec;
import io.github.postgresqlha.spec.ConfigurationSpec;
import io.github.postgresqlha.spec.CredentialsSpec;
import io.github.postgresqlha.spec.Failover;
import io.github.postgresqlha.spec.FromBackupSpec;
import io.github.postgresqlha.spec.NetworkSpec;
import io.github.postgresqlha.spec.OffsiteSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.ReplicationSpec;
import io.github.postgresqlha.spec.RestoreTestSpec;
import io.github.postgresqlha.spec.StandbyDatabaseSpec;
import io.github.postgresqlha.spec.StorageSpec;
import io.github.postgresqlha.spec.TlsMode;
import io.github.postgresqlha.spec.TlsProtocolVersion;
import io.github.postgresqlha.spec.TlsSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The specifications that several tests share. */
public final class Examples {

    private Examples() {}

    /** Every value at its default. */
    public static PostgresqlHaSpec standard() {
        return PostgresqlHaSpec.builder().build();
    }

    /** Every specification here, by its name. */
    public static Map<String, PostgresqlHaSpec> all() {
        Map<String, PostgresqlHaSpec> all = new TreeMap<>(snapshots());
        all.put("standard", standard());
        return all;
    }

    /** The specifications that have a snapshot, by its name. */
    public static Map<String, PostgresqlHaSpec> snapshots() {
        Map<String, PostgresqlHaSpec> snapshots = new TreeMap<>(Map.of(
                "automatic", automatic(),
                "from-backup", fromBackup(),
                "identity", identity(),
                "offsite", offsite(),
                "other-names", otherNames(),
                "postgresql-15",
                        PostgresqlHaSpec.builder()
                                .postgresVersion(PostgresVersion.V15)
                                .build(),
                "shared-backups", sharedBackups(),
                "single", single(),
                "synchronous",
                        PostgresqlHaSpec.builder()
                                .replication(ReplicationSpec.builder()
                                        .synchronous(Synchronous.TRUE)
                                        .dataDurability(DataDurability.PREFERRED)
                                        .build())
                                .build(),
                "tuned", tuned()));
        snapshots.put("extended", ExtendedExample.spec());
        snapshots.put(
                "cert-manager",
                tls(TlsSpec.builder()
                        .mode(TlsMode.CERT_MANAGER)
                        .minProtocolVersion(TlsProtocolVersion.V1_2)
                        .addAdditionalNames("db.example.com")
                        .build()));
        snapshots.put(
                "offered-tls",
                tls(TlsSpec.builder()
                        .mode(TlsMode.EXISTING_SECRET)
                        .existingSecret("company-certificate")
                        .required(false)
                        .build()));
        snapshots.put("without-tls", tls(TlsSpec.builder().mode(TlsMode.OFF).build()));
        snapshots.put(
                "password-generator",
                ConfigurationFile.parse("credentials: {externalSecret: {passwordGenerator: {length: 40}}}"));
        snapshots.put(
                "vault",
                ConfigurationFile.parse(
                        "credentials: {vaultAgent: {role: database, path: secret/data/airflow/postgresql, cidr: 10.30.0.10/32}}"));
        snapshots.put(
                "metrics",
                ConfigurationFile.parse(
                        "{metrics: {enabled: true, scrapeAnnotations: true, dashboard: false, podMonitor: {enabled: true}}, alerts: {prometheusRule: true}}"));
        snapshots.putAll(files());
        return snapshots;
    }

    /** Its defaults with another TLS. */
    public static PostgresqlHaSpec tls(TlsSpec tls) {
        return PostgresqlHaSpec.builder().tls(tls).build();
    }

    /** The files of objects that it gives. */
    public static List<DistFile> manifests(PostgresqlHaSpec spec) {
        return Synthesis.files(spec).stream()
                .filter(file -> file.path().matches("[^/]+\\.yaml")
                        && !file.path().equals("kustomization.yaml")
                        && !file.path().equals("airflow-values.yaml"))
                .toList();
    }

    /** The specifications in {@code examples/}, by their path without its ending. */
    private static Map<String, PostgresqlHaSpec> files() {
        Path top = Project.file("examples");
        return Project.filesBelow(top).stream()
                .filter(file -> file.toString().endsWith(".yaml"))
                .filter(file -> Project.read(top.resolve(file)).contains("postgresql-ha.schema.json"))
                .collect(Collectors.toMap(
                        file -> "examples/"
                                + file.toString()
                                        .replace("/postgresql-ha.yaml", "")
                                        .replace(".yaml", ""),
                        file -> ConfigurationFile.read(top.resolve(file))));
    }

    /** Patroni, two standbys, no commit without one of them. */
    public static PostgresqlHaSpec automatic() {
        return PostgresqlHaSpec.builder()
                .image("registry.example/postgresql-patroni:17")
                .failover(Failover.AUTOMATIC)
                .standby(StandbyDatabaseSpec.builder().count(2).build())
                .replication(
                        ReplicationSpec.builder().synchronous(Synchronous.TRUE).build())
                .configuration(ConfigurationSpec.builder().maxWalSenders(5).build())
                .network(NetworkSpec.builder().apiServerCidr("10.0.0.1/32").build())
                .build();
    }

    /** The first data are restored from what another installation has left. */
    public static PostgresqlHaSpec fromBackup() {
        return PostgresqlHaSpec.builder()
                .bootstrap(BootstrapSpec.builder()
                        .fromBackup(FromBackupSpec.builder()
                                .claim("reports-backup")
                                .target("2026-01-31T23:59:00Z")
                                .timeline(17)
                                .build())
                        .build())
                .build();
    }

    /** No name is the usual one, the namespace and the passwords are somebody else's. */
    public static PostgresqlHaSpec otherNames() {
        return PostgresqlHaSpec.builder()
                .name("reports")
                .namespace("data")
                .createNamespace(false)
                .databaseName("metadata")
                .databaseOwner("scheduler")
                .credentials(CredentialsSpec.builder()
                        .existingSecret("reports-passwords")
                        .build())
                .addImagePullSecret("registry")
                .build();
    }

    /** Backups of more than one database, on a volume that any node can mount. */
    public static PostgresqlHaSpec sharedBackups() {
        return PostgresqlHaSpec.builder()
                .backup(BackupScheduleSpec.builder()
                        .retentionDays(30)
                        .addAllDatabases(List.of("reports", "team-x"))
                        .storage(StorageSpec.builder()
                                .size(new Quantity("200Gi"))
                                .storageClassName("nfs")
                                .accessMode(AccessMode.READ_WRITE_MANY)
                                .build())
                        .build())
                .build();
    }

    /** A copy outside of the cluster, encrypted, and a restore test with a check of the user's own. */
    public static PostgresqlHaSpec offsite() {
        return PostgresqlHaSpec.builder()
                .backup(BackupScheduleSpec.builder()
                        .offsite(OffsiteSpec.builder()
                                .remote("secret:postgresql")
                                .secret("postgresql-rclone")
                                .encrypted(true)
                                .addEgressCidr("10.20.0.0/16")
                                .build())
                        .restoreTest(RestoreTestSpec.builder()
                                .addCheck("SELECT count(*) > 0 FROM dag")
                                .build())
                        .build())
                .build();
    }

    /** A copy outside into a bucket with object lock, opened by the pod's identity. */
    public static PostgresqlHaSpec identity() {
        return PostgresqlHaSpec.builder()
                .backup(BackupScheduleSpec.builder()
                        .offsite(OffsiteSpec.builder()
                                .remote("offsite:backups/postgresql")
                                .putRclone("type", "s3")
                                .putRclone("provider", "AWS")
                                .putRclone("env_auth", "true")
                                .putRclone("region", "eu-central-1")
                                .putServiceAccountAnnotation(
                                        "eks.amazonaws.com/role-arn", "arn:aws:iam::123456789012:role/backups")
                                .putPodLabel("azure.workload.identity/use", "true")
                                .addIdentityEndpoint("169.254.170.23:80")
                                .encrypted(false)
                                .deletes(false)
                                .build())
                        .build())
                .build();
    }

    /** A primary without a standby. */
    public static PostgresqlHaSpec single() {
        return PostgresqlHaSpec.builder()
                .standby(StandbyDatabaseSpec.builder().enabled(false).build())
                .build();
    }

    private static PostgresqlHaSpec tuned() {
        return PostgresqlHaSpec.builder()
                .configuration(ConfigurationSpec.builder()
                        .maxConnections(400)
                        .putParameter("log_min_duration_statement", "1s")
                        .putParameter("statement_timeout", "15min")
                        .build())
                .network(NetworkSpec.builder()
                        .addClient(ClientSpec.builder()
                                .putNamespaceLabel("team", "data")
                                .build())
                        .build())
                .build();
    }
}
