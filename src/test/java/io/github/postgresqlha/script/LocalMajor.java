package io.github.postgresqlha.script;

import io.github.postgresqlha.postgresql.Audit;
import io.github.postgresqlha.postgresql.HbaRules;
import io.github.postgresqlha.postgresql.IdentMap;
import io.github.postgresqlha.postgresql.Identifier;
import io.github.postgresqlha.postgresql.MemorySizing;
import io.github.postgresqlha.postgresql.Parameters;
import io.github.postgresqlha.postgresql.PostgresVersion;
import io.github.postgresqlha.postgresql.ServerSecurity;
import io.github.postgresqlha.postgresql.ServerTls;
import io.github.postgresqlha.postgresql.WalSizing;
import io.github.postgresqlha.spec.ConfigurationSpec;
import io.github.postgresqlha.testing.Document;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The PostgreSQL major that the suites of the scripts run on: 17, or what the environment's {@code POSTGRES_MAJOR} names. */
final class LocalMajor {

    static final PostgresVersion VERSION = Optional.ofNullable(System.getenv("POSTGRES_MAJOR"))
            .map(LocalMajor::of)
            .orElse(PostgresVersion.V17);

    private static final Identifier AIRFLOW = new Identifier("airflow");
    private static final String METHOD = "scram-sha-256";

    private LocalMajor() {}

    private static PostgresVersion of(String major) {
        return Arrays.stream(PostgresVersion.values())
                .filter(version -> version.toString().equals(major))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("POSTGRES_MAJOR: no such major: " + major));
    }

    /** PostgreSQL's programs, with {@code bin} at the top. */
    static Path programs() {
        String folder = VERSION == PostgresVersion.V17 ? "postgresql" : "postgresql-" + VERSION;
        Tool.require(
                folder + "/bin/postgres", VERSION == PostgresVersion.V17 ? ".ci/tools" : ".ci/postgresql " + VERSION);
        return Project.file(".tools").resolve(folder);
    }

    /** The very configuration of {@code dist/}; with another major, what the default specification gives with it. */
    static Map<String, String> configuration() {
        return VERSION == PostgresVersion.V17 ? shipped() : rendered();
    }

    /** The same of an installation without TLS. */
    static Map<String, String> configurationWithoutTls() {
        Map<String, String> files = new TreeMap<>(configuration());
        files.computeIfPresent("postgresql.conf", (name, text) -> text.replaceAll("(?m)^ssl.*\n", ""));
        files.computeIfPresent(
                "pg_hba.conf",
                (name, text) -> text.replaceAll("(?m)^hostnossl .*\n", "")
                        .replaceAll("(?m)^hostssl", "host   ")
                        .replace(" clientcert=verify-ca", ""));
        return files;
    }

    private static Map<String, String> shipped() {
        return Document.read(Project.file("dist/postgresql-configmap.yaml")).stream()
                .filter(document -> document.name().equals("postgresql-config"))
                .flatMap(document -> document.content().path("data").properties().stream())
                .collect(Collectors.toMap(
                        Map.Entry::getKey, file -> file.getValue().asText()));
    }

    private static Map<String, String> rendered() {
        return Map.of(
                "postgresql.conf",
                Parameters.of(
                                VERSION,
                                new WalSizing(20L << 30),
                                MemorySizing.fixed(),
                                new ServerSecurity(
                                        METHOD,
                                        Optional.of(new ServerTls(ScriptEnvironment.SERVER_TLS_DIRECTORY, "TLSv1.3")),
                                        Audit.OFF),
                                List.of(),
                                ConfigurationSpec.builder().build().values())
                        .render(),
                "pg_hba.conf",
                HbaRules.of(VERSION, AIRFLOW, AIRFLOW, METHOD).onlyWithTls().render(),
                "pg_ident.conf",
                IdentMap.of(VERSION, AIRFLOW).render());
    }
}
