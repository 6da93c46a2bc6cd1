package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Document;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A primary and a standby on loopback. */
final class LocalPair implements AutoCloseable {

    /** As hard for shells, SQL and passfiles as passwords get. */
    static final String PASSWORD = "p'a\"s\\s $w:%@/#ö-";

    private static final List<String> ROLES =
            List.of("postgres", "airflow", "replicator", "rewinder", "monitor", "backup");

    private final LocalPostgres local;
    private final Map<String, String> connecting = new TreeMap<>();
    private final LocalInstance primary;
    private final LocalInstance standby;

    LocalPair() {
        this(LocalPostgres.create());
    }

    private LocalPair(LocalPostgres local) {
        this.local = local;
        Path secret = local.makeFolder("secret");
        ROLES.forEach(role -> setPassword(secret, role, PASSWORD + role));
        primary = new LocalInstance(local, "postgresql-primary", LocalPostgres.freePort());
        standby = new LocalInstance(local, "postgresql-standby", LocalPostgres.freePort());
        String ports = primary.port() + "," + standby.port();
        primary.introduce(standby, ports);
        standby.introduce(primary, ports);
    }

    static LocalPair on(LocalPostgres local) {
        return new LocalPair(local);
    }

    /** Both with the certificate that is mounted, and nobody without one is believed; both have to run for a first start. */
    static LocalPair withTls(LocalTls tls) {
        LocalPair pair = new LocalPair(tls.local());
        tls.require(pair.primary);
        tls.require(pair.standby);
        pair.connecting.putAll(tls.ofJob());
        return pair;
    }

    /** Both run, and the standby streams. */
    static LocalPair streaming() {
        LocalPair pair = new LocalPair();
        try {
            pair.primary.start().awaitRole("primary");
            pair.standby.start().awaitRole("standby");
            pair.awaitStreaming(pair.primary, pair.standby);
            return pair;
        } catch (AssertionError failed) {
            pair.close();
            throw failed;
        }
    }

    LocalInstance primary() {
        return primary;
    }

    LocalInstance standby() {
        return standby;
    }

    LocalPostgres local() {
        return local;
    }

    void setPassword(String role, String password) {
        setPassword(local.folder().resolve("secret"), role, password);
    }

    private void setPassword(Path secret, String role, String password) {
        local.write(secret.resolve(role + "-password"), password);
    }

    void awaitStreaming(LocalInstance from, LocalInstance to) {
        from.await(
                Duration.ofSeconds(60),
                () -> from.sql("SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'")
                        .contains(to.name()),
                "a standby that streams: " + to.name());
        to.awaitRole("standby");
    }

    /** Waits until one member is primary and the other streams from it, on one timeline; gives the primary. */
    LocalInstance awaitOnePrimary() {
        try {
            primary.await(
                    Duration.ofSeconds(60),
                    () -> List.of("primary standby", "standby primary").contains(primary.role() + " " + standby.role()),
                    "one primary, one standby");
        } catch (AssertionError failed) {
            throw new AssertionError(standby.name() + ": " + standby.log(), failed);
        }
        LocalInstance opened = primary.role().equals("primary") ? primary : standby;
        awaitStreaming(opened, other(opened));
        assertThat(other(opened).sql("SELECT lpad(upper(to_hex(received_tli)), 8, '0') FROM pg_stat_wal_receiver"))
                .as("the timeline of %s", other(opened).name())
                .isEqualTo(opened.timeline());
        return opened;
    }

    /**
     * Fails over from one member to the other, which lacks rows that the first one then has alone; the first one stays down, and
     * its heartbeat is too old for a restart in place.
     */
    void failOverWithLoss(LocalInstance from, LocalInstance to, int rows, String note) {
        to.awaitRows(from.rows());
        to.kill();
        from.insert(rows, note);
        from.with("RESTART_IN_PLACE_SECONDS", "-1").kill();
        to.start().awaitRole("standby").touchTrigger().awaitRole("primary");
    }

    /** The health check of both and of their archive, as one of them runs it. */
    Tool.Result checkHealth(LocalInstance member, Map<String, String> changes, String... arguments) {
        Map<String, String> limits = new TreeMap<>(Map.of(
                "PGPORT", primary.port() + "," + standby.port(),
                "REPLICATION_LAG_MAX_BYTES", "16777216",
                "REPLICATION_LAG_MAX_SECONDS", "60",
                "CONNECTIONS_MAX_PERCENT", "80",
                "DISK_MAX_PERCENT", "100",
                "WAL_ARCHIVER_SLOT", "wal_archiver",
                "BACKUP_MAX_AGE_HOURS", "26",
                "BASE_BACKUP_MAX_AGE_HOURS", "336"));
        limits.putAll(changes);
        return member.script(limits, "health-check.sh", arguments);
    }

    LocalInstance other(LocalInstance member) {
        return member == primary ? standby : primary;
    }

    /** The environment of a job, which reaches both members by the network as one role. */
    Map<String, String> job(String role) {
        Map<String, String> job = new TreeMap<>(Map.of(
                "PGHOST", "127.0.0.1,127.0.0.1",
                "PGPORT", primary.port() + "," + standby.port(),
                "PGTARGETSESSIONATTRS", "read-write",
                "PGCONNECT_TIMEOUT", "5",
                "PGUSER", role));
        Document.read(Project.file("dist/postgresql-backup.yaml")).stream()
                .flatMap(document -> document.podSpec().stream())
                .flatMap(pod -> pod.at("/containers/0/env").valueStream())
                .filter(variable -> variable.path("name").asText().equals("PGREQUIREAUTH"))
                .forEach(variable ->
                        job.put("PGREQUIREAUTH", variable.path("value").asText()));
        job.putAll(connecting);
        return job;
    }

    @Override
    public void close() {
        for (LocalInstance instance : List.of(primary, standby)) {
            if (instance.isAlive()) {
                instance.kill();
            }
            local.emptyMembers().hush(instance.port());
        }
        local.delete();
    }
}
