package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.metrics.AlertRules;
import io.github.postgresqlha.metrics.Exporter;
import io.github.postgresqlha.metrics.MetricsObjects;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real exporter, as its container runs it, on real members: every figure that an alert or the dashboard asks for is there. */
class ScrapeIT {

    /** Notes of a supervisor whose installation has everything. */
    private static final String NOTES = """
            role_since=1700000000
            updated=4102444800
            abandoned=0
            durability=degraded
            certificate_end_epoch=1900000000
            data_used_percent=12
            data_free_bytes=1000
            wal_used_percent=1
            wal_free_bytes=1000
            backup_used_percent=3
            backup_free_bytes=1000
            newest_backup_epoch=1700000001
            newest_base_epoch=1700000002
            archiver_state=full
            archiver_updated=1700000003
            archiver_base_leads=no
            chain_broken=MISSING_FROM 0/1 MISSING_TO 0/2 SINCE unknown
            restore_test_result=failed
            restore_test_good_epoch=1700000004
            offsite_epoch=1700000005
            offsite_vanished=3 files since unknown, 1 of them not here either
            retention_since_epoch=1700000006
            newest_base_refused=finished
            """;

    private static final Pattern FIGURE = Pattern.compile("\\b((?:postgresql_ha|pg|patroni)_[a-z_]+)\\{");

    private final Installation installation = Installation.of(ConfigurationFile.parse(
            "metrics: {enabled: true}\nbackup: {offsite: {remote: 'a:b', secret: c, encrypted: false}}"));

    private LocalPair pair;
    private Process exporter;
    private int port;

    @BeforeEach
    void start() throws IOException {
        Path program = Tool.require("bin/postgres_exporter").program();
        pair = LocalPair.streaming();
        LocalPostgres local = pair.local();
        ConfigMap files = Exporter.configuration(installation).get(0);
        files.getData().forEach((name, text) -> local.write(local.folder().resolve(name), text));
        Path folder = local.makeFolder("exporter");
        Files.copy(program.toRealPath(), local.folder().resolve("postgres_exporter"));
        Tool.run(new ProcessBuilder(
                "chmod", "a+rx", local.folder().resolve("postgres_exporter").toString()));
        port = LocalPostgres.freePort();
        exporter = local.process(
                        Map.of(
                                "PATH",
                                local.folder() + ":" + System.getenv("PATH"),
                                "DATA_SOURCE_NAME",
                                "postgresql://monitor@127.0.0.1:"
                                        + pair.primary().port() + "/postgres?sslmode=disable",
                                "SECRET_FILE",
                                local.folder()
                                        .resolve("secret/monitor-password")
                                        .toString(),
                                "PGPASSFILE",
                                folder.resolve("pgpass").toString(),
                                "QUERIES",
                                local.folder().resolve("queries.yaml").toString(),
                                "LOOK_SECONDS",
                                "1",
                                "METRICS_ADDRESS",
                                "127.0.0.1:" + port),
                        "sh",
                        local.folder().resolve("exporter.sh").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolveSibling("exporter.log").toFile())
                .start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (exporter != null) {
            exporter.destroy();
            exporter.waitFor();
        }
        if (pair != null) {
            pair.close();
        }
    }

    @Test
    void every_figure_that_is_asked_for_is_there() {
        pair.primary()
                .sql(
                        "CREATE OR REPLACE FUNCTION postgresql_ha.instance_state() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT '"
                                + NOTES.replace("'", "''") + "'::text $$");
        awaitAnswer();
        String answer = scrape();
        assertThat(answer).contains("\npg_exporter_last_scrape_error 0\n").doesNotContain("application_name=");
        assertThat(figures(answer)).containsAll(wanted());
        assertThat(answer)
                .contains("postgresql_ha_archiver_stopped{")
                .containsPattern("postgresql_ha_archiver_base_leads\\{[^}]*} 0\n")
                .containsPattern("postgresql_ha_archiver_wal_missing\\{[^}]*} 1\n")
                .containsPattern("postgresql_ha_restore_test_failed\\{[^}]*} 1\n")
                .containsPattern("postgresql_ha_offsite_vanished\\{[^}]*} 1\n")
                .containsPattern("postgresql_ha_supervisor_degraded\\{[^}]*} 1\n")
                .containsPattern("postgresql_ha_supervisor_refused_figures\\{[^}]*} 1\n")
                .containsPattern("postgresql_ha_volume_used_percent\\{[^}]*volume=\"data\"} 12\n")
                .containsPattern("postgresql_ha_sender_streaming\\{application=\"postgresql-standby\"[^}]*} 1\n");
    }

    /** One member may name in a file what another has by default, as the supervisor does before a member is open. */
    @Test
    void parameters_are_the_same_where_their_values_are() {
        awaitAnswer();
        String before = settings();
        pair.primary().sql("ALTER SYSTEM SET synchronous_commit = on");
        pair.primary().sql("SELECT pg_reload_conf(), pg_sleep(1)");
        assertThat(settings()).isEqualTo(before);
        pair.primary().sql("ALTER SYSTEM SET work_mem = '99MB'");
        pair.primary().sql("SELECT pg_reload_conf(), pg_sleep(1)");
        assertThat(settings()).isNotEqualTo(before);
    }

    private String settings() {
        return scrape().lines()
                .filter(line -> line.startsWith("postgresql_ha_member_settings_hash{"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void another_password_is_taken_over_and_no_password_is_shown() throws IOException {
        awaitAnswer();
        String started = value("process_start_time_seconds");
        Path file = pair.local().folder().resolve("secret/monitor-password");
        Files.writeString(file, "an'other\\with:\"all\" of it");
        pair.primary()
                .await(
                        Duration.ofMinutes(2),
                        () -> scrape().contains("\npg_up 1\n")
                                && !value("process_start_time_seconds").equals(started),
                        "an exporter with the new password");
        assertThat(exporter.isAlive()).isTrue();
        assertThat(Files.readString(pair.local().folder().resolve("exporter.log")))
                .contains("the password or the queries changed")
                .doesNotContain("an'other", LocalPair.PASSWORD);
    }

    /** Its path /probe goes wherever its caller says. */
    @Test
    void another_server_is_told_no_password() throws Exception {
        awaitAnswer();
        try (ServerSocket foreign = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            foreign.setSoTimeout(20_000);
            CompletableFuture<HttpResponse<String>> answer = HttpClient.newHttpClient()
                    .sendAsync(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port
                                            + "/probe?target=postgresql://monitor@127.0.0.1:" + foreign.getLocalPort()
                                            + "/postgres%3Fsslmode=disable"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(saidInClear(foreign)).isNotEmpty().doesNotContain(LocalPair.PASSWORD);
            answer.cancel(true);
        }
    }

    /** What a client says to a server that asks for its password in clear. */
    private static String saidInClear(ServerSocket server) throws IOException {
        try (Socket client = server.accept()) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            in.readNBytes(in.readInt() - Integer.BYTES);
            client.getOutputStream().write(new byte[] {'R', 0, 0, 0, 8, 0, 0, 0, 3});
            assertThat(in.readByte()).isEqualTo((byte) 'p');
            return new String(in.readNBytes(in.readInt() - Integer.BYTES), StandardCharsets.UTF_8);
        }
    }

    private void awaitAnswer() {
        try {
            pair.primary()
                    .await(Duration.ofSeconds(30), () -> scrape().contains("\npg_up 1\n"), "an exporter that answers");
        } catch (AssertionError failed) {
            throw new AssertionError(Project.log(pair.local().folder().resolve("exporter.log")) + scrape(), failed);
        }
    }

    private String value(String figure) {
        return scrape().lines()
                .filter(line -> line.startsWith(figure + " "))
                .findFirst()
                .orElse("");
    }

    /** Those of Patroni are not the exporter's. */
    private Set<String> wanted() {
        String asked = AlertRules.of(installation).file().orElseThrow()
                + MetricsObjects.of(installation).stream().map(Object::toString).collect(Collectors.joining());
        Set<String> wanted = figures(asked);
        assertThat(wanted).hasSizeGreaterThan(40).contains("pg_up", "postgresql_ha_database_size_bytes");
        wanted.removeIf(name -> name.startsWith("patroni_"));
        return wanted;
    }

    private static Set<String> figures(String text) {
        Set<String> figures = FIGURE.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Pattern.compile("(?m)^(pg_[a-z_]+) ").matcher(text).results().forEach(match -> figures.add(match.group(1)));
        return figures;
    }

    private String scrape() {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
