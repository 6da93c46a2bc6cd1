package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pair that requires TLS: everything that members and jobs do goes over connections on which the other side was verified. */
class TlsPairIT {

    private static final String NOT_VERIFIED =
            "SELECT count(*) FROM pg_stat_activity LEFT JOIN pg_stat_ssl USING (pid) WHERE client_addr IS NOT NULL AND ssl IS NOT TRUE";

    private final LocalTls tls = new LocalTls(LocalPostgres.create());
    private final LocalPair pair = LocalPair.withTls(tls);

    @AfterEach
    void close() {
        pair.close();
    }

    private LocalInstance begin() {
        pair.primary().startAlone();
        pair.standby().startAlone();
        pair.primary().awaitRole("primary").createRows();
        pair.awaitStreaming(pair.primary(), pair.standby());
        return pair.primary();
    }

    @Test
    void makes_its_first_data_clones_streams_promotes_and_rewinds() {
        LocalInstance primary = begin();
        LocalInstance standby = pair.standby();
        assertThat(primary.log()).contains("FATAL:  no data here");
        assertThat(standby.sql("SHOW primary_conninfo")).contains("sslmode=verify-full", "require_auth");
        assertThat(primary.sql("SELECT version FROM pg_stat_ssl JOIN pg_stat_replication USING (pid)"))
                .isEqualTo("TLSv1.3");
        primary.insert(5, "a");
        standby.awaitRows("a=5");
        pair.failOverWithLoss(primary, standby, 3, "lost");
        primary.with("RESTART_IN_PLACE_SECONDS", "30").start();
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
        assertThat(primary.news())
                .contains("rejoining postgresql-standby")
                .doesNotContain("copying postgresql-standby");
        primary.awaitRows("a=5");
        assertThat(standby.sql(NOT_VERIFIED)).isEqualTo("0");
    }

    @Test
    void is_archived_backed_up_and_looked_at() {
        LocalInstance primary = begin();
        try (LocalArchiver archiver = new LocalArchiver(pair)) {
            archiver.awaitStreaming(primary).switchSegment(primary);
            assertThat(primary.sql(NOT_VERIFIED)).isEqualTo("0");
            Map<String, String> job = new TreeMap<>(pair.job("backup"));
            job.putAll(Map.of("PGDATABASE", "airflow", "BASE_BACKUP_KEEP", "1"));
            job.putAll(Map.of("BACKUP_RETENTION_DAYS", "1", "BACKUP_RETENTION_MINIMUM", "1"));
            Tool.Result dump = primary.script(job, "backup.sh");
            assertThat(dump.status()).as(dump.output()).isZero();
            Tool.Result base = primary.script(job, "base-backup.sh");
            assertThat(base.status()).as(base.output()).isZero();
            assertThat(pair.checkHealth(primary, Map.of("CERTIFICATE_MIN_DAYS", "30"))
                            .output())
                    .containsPattern("ok +postgresql-standby streams +from postgresql-primary")
                    .containsPattern("ok +slot wal_archiver +active")
                    .containsPattern("ok +postgresql-primary certificate +(89|90) days, warns below 30 days");
            assertThat(pair.checkHealth(primary, Map.of("CERTIFICATE_MIN_DAYS", "91"))
                            .output())
                    .containsPattern("warning +postgresql-standby certificate ");
        }
    }

    /** What a client is told, and what it finds out. */
    @Test
    void refuses_a_client_without_tls_and_is_verified_by_name() {
        LocalInstance primary = begin();
        String verified = "sslmode=verify-full sslrootcert=" + tls.mounted() + "/ca.crt";
        assertThat(asMonitor(primary, "127.0.0.1", verified)).isEqualTo("1\n");
        assertThat(asMonitor(primary, "localhost", verified)).isEqualTo("1\n");
        assertThat(asMonitor(primary, "127.0.0.1", "sslmode=disable"))
                .contains("pg_hba.conf rejects connection", "no encryption");
        assertThat(asMonitor(primary, "127.0.0.2", verified)).contains("certificate");
        assertThat(asMonitor(primary, "127.0.0.1", "sslmode=verify-full sslrootcert=" + tls.authority("other")))
                .contains("certificate verify failed");
        assertThat(asMonitor(primary, "127.0.0.1", verified + " ssl_max_protocol_version=TLSv1.2"))
                .contains("protocol version");
    }

    /** A restore that runs beside another member than the primary needs it; the password alone is of no use. */
    @Test
    void lets_the_superuser_in_with_a_certificate_of_a_member_alone() {
        LocalInstance primary = begin();
        primary.insert(5, "kept");
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.putAll(Map.of("PGDATABASE", "airflow", "BACKUP_RETENTION_DAYS", "1", "BACKUP_RETENTION_MINIMUM", "1"));
        Tool.Result dump = primary.script(job, "backup.sh");
        assertThat(dump.status()).as(dump.output()).isZero();
        primary.insert(2, "later");

        String verified = "sslmode=verify-full sslrootcert=" + tls.mounted() + "/ca.crt";
        assertThat(as("postgres", primary, "127.0.0.1", verified)).contains("requires a valid client certificate");
        String name = primary.run("bash", "-c", "cd " + tls.local().folder().resolve("backups") + " && ls *.sql.gz")
                .output()
                .strip();
        Tool.Result restored = pair.standby().script("restore.sh", name);
        assertThat(restored.status()).as(restored.output()).isZero();
        primary.awaitRows("kept=5");
    }

    private String asMonitor(LocalInstance member, String host, String security) {
        return as("monitor", member, host, security);
    }

    private String as(String role, LocalInstance member, String host, String security) {
        String connection = "host=" + host + " hostaddr=127.0.0.1 port=" + member.port() + " user=" + role
                + " dbname=postgres " + security;
        return member.run(
                        "env",
                        "PGPASSWORD=" + LocalPair.PASSWORD + role,
                        "psql",
                        "-XAtqw",
                        connection,
                        "-c",
                        "SELECT 1")
                .output();
    }

    /** The attack of a pod that takes a member's place: it has a certificate too, of an authority that nobody trusts. */
    @Test
    void tells_a_server_with_another_certificate_nothing() {
        LocalInstance primary = begin();
        LocalInstance standby = pair.standby();
        standby.stop();
        LocalTls impostor = new LocalTls(tls.local(), "impostor");
        tls.local()
                .write(
                        tls.local().configurationWithTls().resolve("pg_hba.conf"),
                        "hostssl all all all password\nlocal all all peer map=postgresql\n");
        standby.with("TLS_DIRECTORY", impostor.mounted().toString()).startAlone();
        standby.await(
                Duration.ofSeconds(40), () -> standby.log().contains("unknown ca"), "the refusal of its certificate");
        assertThat(primary.run(
                                "bash",
                                "-c",
                                "source " + tls.local().scripts()
                                        + "/instance.sh && read_environment && for role in monitor replicator rewinder; do psql \"$(peer_connection $role)\" -c 'SELECT 1' 2>&1; done")
                        .output())
                .contains("certificate verify failed")
                .doesNotContain("password");
        assertThat(standby.log()).doesNotContain("password authentication");
    }

    @Test
    void waits_for_its_certificate_and_says_so() {
        tls.put("tls.key", "");
        pair.primary().startAlone();
        pair.standby().startAlone();
        pair.primary().awaitLog("/tls: waiting: tls.key is missing or empty. deploy-*.sh --secrets-only makes");
        tls.issue("first", LocalTls.LOOPBACK, 90);
        pair.primary().await(Duration.ofSeconds(40), () -> pair.primary().role().equals("primary"), "its start");
    }
}
