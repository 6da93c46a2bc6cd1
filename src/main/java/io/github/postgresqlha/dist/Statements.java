package io.github.postgresqlha.dist;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.ClientSpec;
import io.github.postgresqlha.spec.NetworkSpec;
import io.github.postgresqlha.spec.OffsiteSpec;
import io.github.postgresqlha.spec.TlsMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the documentation says of one installation, beside the names that its programs have. */
final class Statements {

    private Statements() {}

    static Map<String, String> of(Installation installation, Map<String, String> facts) {
        Map<String, String> values = new TreeMap<>(facts);
        putMembers(values, installation);
        putBackups(values, installation);
        values.put(
                "HEALTH_SCHEDULE",
                installation.spec().healthMonitor().schedule().toString());
        values.put("CLIENTS", clients(installation));
        putTls(values, installation);
        values.putAll(PasswordStatements.of(installation));
        if (!installation.spec().createNamespace()) {
            values.put("FOREIGN_NAMESPACE", "");
        }
        if (installation.spec().metrics().enabled()) {
            values.put("ALERTS", "");
        }
        // A file of the table of files is named only where it is there.
        for (String manifest : facts.getOrDefault("MANIFESTS", "").split(":", -1)) {
            String part = manifest.replaceAll("^.*-|\\.yaml$", "");
            values.put("FILE_" + part.toUpperCase(Locale.ROOT), "");
        }
        return values;
    }

    private static void putMembers(Map<String, String> values, Installation installation) {
        int standbys = installation.standbys().size();
        values.put("MEMBER_OPTION", "");
        values.put("CANDIDATE_OPTION", "");
        if (standbys == 0) {
            values.put("SINGLE", "");
            return;
        }
        values.put(installation.spec().failover().toString().toUpperCase(Locale.ROOT), "");
        values.put(standbys == 1 ? "ONE_STANDBY" : "STANDBYS", String.valueOf(standbys));
        if (standbys > 1) {
            // Which one is meant has to be said.
            values.put("MEMBER_OPTION", " --member=" + values.get("STANDBY"));
            values.put("CANDIDATE_OPTION", " --candidate=" + values.get("PRIMARY"));
        }
        if (installation.durability().isEmpty()) {
            values.put("ASYNCHRONOUS", "");
        }
    }

    private static void putTls(Map<String, String> values, Installation installation) {
        String verified =
                "sslmode=verify-full&sslrootcert=/" + installation.names().ca() + "/ca.crt";
        boolean offered = installation.hasTls();
        values.put("TLS_FIRST", offered ? "?" + verified : "");
        values.put("TLS_MORE", offered ? "&" + verified : "");
        values.put(
                "TLS_OBJECTS",
                installation.spec().tls().mode() == TlsMode.CERT_MANAGER
                        ? "; cert-manager's objects for the certificate"
                        : "");
        values.put("TLS_" + installation.spec().tls().mode().name(), "");
        if (offered) {
            values.put("TLS", "");
        }
        if (installation.requiresTls()) {
            values.put("TLS_REQUIRED", "");
        }
    }

    private static void putBackups(Map<String, String> values, Installation installation) {
        BackupScheduleSpec backup = installation.spec().backup();
        values.put("BACKUP_CLAIM", installation.names().backup());
        values.put("BACKUP_SCHEDULE", backup.schedule().toString());
        values.put("RETENTION_DAYS", String.valueOf(backup.retentionDays()));
        values.put("BASE_BACKUP_SCHEDULE", backup.base().schedule().toString());
        values.put("RESTORE_TEST_SCHEDULE", backup.restoreTest().schedule().toString());
        values.put("OFFSITE_ACCOUNT", installation.names().offsite());
        values.put(
                "OFFSITE_SECRET",
                backup.offsite()
                        .flatMap(OffsiteSpec::secret)
                        .orElse(installation.names().name() + "-rclone"));
        if (backup.offsite().isEmpty()) {
            values.put("INSIDE", "");
        } else {
            values.put(
                    "OFFSITE_SCHEDULE",
                    backup.offsite().orElseThrow().schedule().toString());
        }
    }

    /** One a line, as the NetworkPolicy of the members lets them in. */
    private static String clients(Installation installation) {
        NetworkSpec network = installation.spec().network();
        List<String> clients = new ArrayList<>();
        if (network.airflowPods()) {
            clients.add("pods of Airflow's official chart (label `tier: airflow`) in namespace `"
                    + installation.names().namespace() + "`");
        }
        if (network.labelClients()) {
            clients.add("pods with the label `" + installation.names().clientLabel() + ": \"true\"` in namespace `"
                    + installation.names().namespace() + "`");
        }
        network.clients().forEach(client -> clients.add(client(client)));
        network.clientCidrs().forEach(range -> clients.add("addresses of `" + range + "`"));
        if (clients.isEmpty()) {
            clients.add("nobody");
        }
        return clients.stream().map(client -> "- " + client).collect(Collectors.joining("\n"));
    }

    private static String client(ClientSpec client) {
        String pods = client.podLabels().isEmpty() ? "every pod" : "pods with " + labels(client.podLabels());
        return client.namespaceLabels().isEmpty()
                ? pods + " in that namespace"
                : pods + " of namespaces with " + labels(client.namespaceLabels());
    }

    private static String labels(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> "`" + label.getKey() + ": " + label.getValue() + "`")
                .collect(Collectors.joining(", "));
    }
}
