package io.github.postgresqlha.pooler;

import io.github.postgresqlha.credentials.PasswordSecret;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Member;
import io.github.postgresqlha.kubernetes.Ports;
import io.github.postgresqlha.script.ScriptEnvironment;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the script beside PgBouncer has to know. */
final class FollowerEnvironment {

    private FollowerEnvironment() {}

    static ScriptEnvironment of(Installation installation) {
        ScriptEnvironment environment = new ScriptEnvironment()
                .set("PATH", installation.image().path())
                .set("LANG", "C.UTF-8")
                .set("PGHOST", installation.memberHosts())
                .set("PGPORT", String.valueOf(Ports.POSTGRESQL))
                .set("PGUSER", PasswordSecret.POOLER)
                .set("POSTGRES_MAJOR", installation.image().version().toString())
                .set("PASSFILE_DIRECTORY", ScriptEnvironment.PASSFILE_DIRECTORY)
                .set("SECRET_DIRECTORY", ScriptEnvironment.SECRET_DIRECTORY)
                .set("POOLER_DIRECTORY", PoolerPod.SETTINGS_FOLDER)
                .set("POOLER_DATABASES", databases(installation))
                .set(
                        "STOP_WAIT_SECONDS",
                        String.valueOf(installation.spec().pooler().stopWaitSeconds()));
        if (installation.isAutomatic()) {
            environment.set("POOLER_PRIMARY", installation.names().primary());
        }
        if (installation.spec().pooler().readOnly()) {
            environment.set("POOLER_READ_HOSTS", readers(installation));
        }
        if (installation.hasTls()) {
            environment.set("TLS_DIRECTORY", ScriptEnvironment.TLS_DIRECTORY);
        }
        if (installation.requiresTls()) {
            environment.set("TLS_CA_FILE", ScriptEnvironment.SERVER_TLS_DIRECTORY + "/ca.crt");
        }
        return environment;
    }

    private static String databases(Installation installation) {
        return Stream.concat(
                        Stream.of(installation.database().value()),
                        installation.spec().databases().stream().map(database -> database.name()))
                .collect(Collectors.joining(","));
    }

    /** One that applies WAL late on purpose is no place for readers; the member named primary is one while it is a standby. */
    private static String readers(Installation installation) {
        return installation.members().stream()
                .filter(member -> member.applyDelay().isEmpty())
                .map((Member member) -> installation.host(member))
                .collect(Collectors.joining(","));
    }
}
