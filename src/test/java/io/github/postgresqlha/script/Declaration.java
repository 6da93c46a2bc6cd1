package io.github.postgresqlha.script;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.testing.Tool;
import java.util.List;
import java.util.Map;

/** What a specification says of roles, in the configuration of servers on loopback. */
final class Declaration {

    private static final List<String> FILES = List.of("pg_hba.conf", "roles.json");

    private Declaration() {}

    /** As Kubernetes brings it into the pods; what it says no more is gone. */
    static void of(LocalPair pair, String yaml) {
        Map<String, String> files = files("tls: {mode: \"off\"}\npostgresVersion: " + LocalMajor.VERSION + "\n" + yaml);
        for (String name : FILES) {
            if (files.containsKey(name)) {
                pair.local().write(pair.local().configuration().resolve(name), files.getOrDefault(name, ""));
            } else {
                Tool.run(new ProcessBuilder(
                        "rm", "-f", pair.local().configuration().resolve(name).toString()));
            }
        }
    }

    private static Map<String, String> files(String yaml) {
        return Plan.parts(Installation.of(ConfigurationFile.parse(yaml))).stream()
                .flatMap(part -> part.objects().stream())
                .filter(object -> object.getMetadata().getName().equals("postgresql-config"))
                .map(object -> ((ConfigMap) object).getData())
                .findFirst()
                .orElseThrow();
    }

    /** What a role is told by the network: rows, or the server's complaint. */
    static String ask(LocalPair pair, LocalInstance server, String role, String database, String statement) {
        return ask(pair, server, role, database, LocalPair.PASSWORD + role, statement);
    }

    static String ask(
            LocalPair pair, LocalInstance server, String role, String database, String password, String statement) {
        return Tool.run(pair.local()
                        .process(
                                Map.of("PGPASSWORD", password),
                                "psql",
                                "-XAtqw",
                                "-v",
                                "ON_ERROR_STOP=1",
                                "-c",
                                statement,
                                "host=127.0.0.1 port=" + server.port() + " user=" + role + " dbname=" + database)
                        .redirectErrorStream(true))
                .output()
                .strip();
    }
}
