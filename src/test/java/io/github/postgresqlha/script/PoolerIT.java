package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real PgBouncer before two members, and the script that leads it. */
class PoolerIT {

    private static final String SPECIFICATION = "pooler: {enabled: true, poolSize: 5}";

    /** Of loopback, and of nobody else here: PgBouncer's port is contract. */
    private static final String ADDRESS = "127.0.63.1";

    private static final String WHERE = "SELECT pg_is_in_recovery(), inet_server_port()";

    private final Tool pgbouncer = Tool.require("bin/pgbouncer");
    private final LocalPair pair = new LocalPair();
    private final List<Process> processes = new ArrayList<>();
    private final Path memory = pair.local().makeFolder("memory");

    @BeforeEach
    void start() throws IOException {
        pair.setPassword("pooler", LocalPair.PASSWORD + "pooler");
        Path server = pair.local().configuration().resolve("postgresql.conf");
        pair.local().write(server, Files.readString(server) + "listen_addresses = '127.0.0.1,127.0.0.2'\n");
        Declaration.of(pair, SPECIFICATION);
        pair.primary().start().awaitRole("primary");
        pair.standby().start().awaitRole("standby");
        pair.primary()
                .await(
                        Duration.ofSeconds(90),
                        () -> Declaration.ask(pair, pair.primary(), "pooler", "postgres", verifier("airflow"))
                                .startsWith("SCRAM-SHA-256$"),
                        "the pooler's role");
        Path settings = pair.local().makeFolder("settings");
        pair.local().write(settings.resolve("pgbouncer.ini"), settings());
        run("follow.log", pair.local().scripts() + "/pooler/follow.sh");
        pair.primary()
                .await(
                        Duration.ofSeconds(20),
                        () -> memory.resolve("heartbeat").toFile().exists(),
                        "the follower");
        run(
                "pgbouncer.log",
                pgbouncer.program().toString(),
                settings.resolve("pgbouncer.ini").toString());
    }

    @AfterEach
    void stop() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        pair.close();
    }

    @Test
    void leads_clients_to_whoever_accepts_writes() {
        await("f|" + pair.primary().port());
        assertThat(Declaration.ask(pair, pair.primary(), "pooler", "postgres", verifier("postgres")))
                .isEmpty();
        assertThat(Declaration.ask(pair, pair.primary(), "pooler", "postgres", "SELECT rolpassword FROM pg_authid"))
                .contains("permission denied");
        assertThat(ask("airflow", "wrong", "SELECT 1")).contains("SASL authentication failed");
        assertThat(ask("monitor", LocalPair.PASSWORD + "monitor", "SELECT 1")).contains("no such user");

        pair.primary().kill();
        pair.standby().touchTrigger().awaitRole("primary");
        pair.standby()
                .await(
                        Duration.ofSeconds(5),
                        () -> ask(WHERE).equals("f|" + pair.standby().port()),
                        "the first answer of the new primary");
    }

    /** As Airflow's triggerer, which gives up at the first connection that is refused. */
    @Test
    void a_client_that_logs_in_while_no_member_answers_waits() throws Exception {
        awaitVerifiers();
        pair.primary().kill();
        Thread.sleep(5_000);
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> ask(WHERE));
        Thread.sleep(5_000);
        assertThat(answer).isNotDone();
        pair.standby().touchTrigger().awaitRole("primary");
        assertThat(answer.get(30, TimeUnit.SECONDS))
                .isEqualTo("f|" + pair.standby().port());
    }

    /** PgBouncer by itself refuses all but the first of them once a connection has failed. */
    @Test
    void many_clients_that_come_while_no_member_answers_wait() throws Exception {
        awaitVerifiers();
        pair.primary().kill();
        Thread.sleep(4_000);
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int client = 0; client < 12; client++) {
            answers.add(CompletableFuture.supplyAsync(() -> ask(WHERE), command -> new Thread(command).start()));
        }
        Thread.sleep(3_000);
        assertThat(answers).noneMatch(CompletableFuture::isDone);
        pair.standby().touchTrigger().awaitRole("primary");
        for (CompletableFuture<String> answer : answers) {
            assertThat(answer.get(30, TimeUnit.SECONDS))
                    .isEqualTo("f|" + pair.standby().port());
        }
    }

    /** psql prints a name with a line break as two lines, and the second one would be the verifier of another role. */
    @Test
    void a_name_with_a_line_break_forges_no_verifier() throws Exception {
        awaitVerifiers();
        pair.primary().sql("""
                DO $$ BEGIN
                  EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L', E'x\nreporter', 'evil');
                  EXECUTE format('COMMENT ON ROLE %I IS %L', E'x\nreporter', 'declared in the specification of postgresql-ha');
                END $$;
                CREATE ROLE seen LOGIN PASSWORD 'seen'; COMMENT ON ROLE seen IS 'declared in the specification of postgresql-ha'""");
        pair.primary()
                .await(
                        Duration.ofSeconds(30),
                        () -> Project.read(memory.resolve("users.txt")).contains("\"seen\""),
                        "the next verifiers");
        assertThat(Project.read(memory.resolve("users.txt"))).doesNotContain("reporter");
    }

    /** It is the client that computes them. */
    @Test
    void takes_verifiers_of_many_iterations() {
        awaitVerifiers();
        pair.primary()
                .sql("CREATE ROLE slow LOGIN; COMMENT ON ROLE slow IS 'declared in the specification of postgresql-ha';"
                        + " SET scram_iterations = 100000; ALTER ROLE slow PASSWORD 'slow'");
        pair.primary()
                .await(
                        Duration.ofSeconds(30),
                        () -> Project.read(memory.resolve("users.txt")).contains("\"slow\" \"SCRAM-SHA-256$100000:"),
                        "its verifier");
    }

    private void awaitVerifiers() {
        await("f|" + pair.primary().port());
        pair.primary()
                .await(
                        Duration.ofSeconds(30),
                        () -> Project.read(memory.resolve("users.txt")).contains("\"airflow\" \"SCRAM-SHA-256$"),
                        "the verifiers");
        // PgBouncer reads them.
        Pause.milliseconds(3_000);
        await("f|" + pair.primary().port());
    }

    @Test
    void loads_a_changed_password_without_a_restart() {
        await("f|" + pair.primary().port());
        pair.setPassword("airflow", "another");
        pair.setPassword("pooler", "another too");
        pair.primary()
                .await(
                        Duration.ofSeconds(90),
                        () -> ask("airflow", "another", "SELECT 1").equals("1"),
                        "the new password");
        assertThat(ask("SELECT 1")).contains("SASL authentication failed");
        pair.primary()
                .await(
                        Duration.ofSeconds(20),
                        () -> Project.read(memory.resolve("users.txt"))
                                .matches("\"pooler\" \"another too\"\n\"airflow\" \"SCRAM-SHA-256[$][^\" ]+\"\n"),
                        "the pooler's own");
    }

    @Test
    void says_when_clients_wait_for_a_session() throws IOException {
        await("f|" + pair.primary().port());
        for (int client = 0; client < 7; client++) {
            run(
                    "client.log",
                    Map.of("PGPASSWORD", LocalPair.PASSWORD + "airflow"),
                    "psql",
                    "-XAtqw",
                    "-c",
                    "SELECT pg_sleep(70)",
                    "host=" + ADDRESS + " port=6432 dbname=airflow user=airflow");
        }
        pair.primary()
                .await(
                        Duration.ofSeconds(60),
                        () -> Project.read(pair.local().folder().resolve("follow.log"))
                                .matches(
                                        "(?s).*WARN PgBouncer \\(write\\): 2 clients wait for a session of the server, the first of them for [0-9]+ s: .*"),
                        "two of seven clients of five sessions wait");
    }

    private static String verifier(String role) {
        return "SELECT passwd FROM postgresql_ha.pooler_verifier('" + role + "')";
    }

    /** The role has its password at a look of the supervisor, each 20 s, and PgBouncer tries a refused login again after 15 s. */
    private void await(String answer) {
        pair.primary().await(Duration.ofSeconds(60), () -> ask(WHERE).equals(answer), answer);
    }

    private String ask(String statement) {
        return ask("airflow", LocalPair.PASSWORD + "airflow", statement);
    }

    private String ask(String role, String password, String statement) {
        return Tool.run(pair.local()
                        .process(
                                Map.of("PGPASSWORD", password, "PGCONNECT_TIMEOUT", "5"),
                                "timeout",
                                "40",
                                "psql",
                                "-XAtqw",
                                "-c",
                                statement,
                                "host=" + ADDRESS + " port=6432 dbname=airflow user=" + role)
                        .redirectErrorStream(true))
                .output()
                .strip();
    }

    /** The committed file's settings, in folders and on an address of this test. */
    private String settings() {
        return Plan.parts(Installation.of(ConfigurationFile.parse("tls: {mode: \"off\"}\n" + SPECIFICATION))).stream()
                .flatMap(part -> part.objects().stream())
                .filter(ConfigMap.class::isInstance)
                .filter(object -> object.getMetadata().getName().equals("postgresql-pooler"))
                .map(object -> ((ConfigMap) object).getData().get("pgbouncer.ini"))
                .findFirst()
                .orElseThrow()
                .replace("/run/passfile", memory.toString())
                .replace("listen_addr = *", "listen_addr = " + ADDRESS);
    }

    private void run(String log, String... command) throws IOException {
        run(log, environment(), command);
    }

    private Map<String, String> environment() {
        return new TreeMap<>(Map.of(
                "PGHOST",
                "127.0.0.1,127.0.0.2",
                "PGPORT",
                pair.primary().port() + "," + pair.standby().port(),
                "PGUSER",
                "pooler",
                "SECRET_DIRECTORY",
                pair.local().folder().resolve("secret").toString(),
                "PASSFILE_DIRECTORY",
                memory.toString(),
                "POOLER_DIRECTORY",
                pair.local().folder().resolve("settings").toString(),
                "POOLER_DATABASES",
                "airflow"));
    }

    private void run(String log, Map<String, String> environment, String... command) throws IOException {
        processes.add(pair.local()
                .process(environment, command)
                .redirectErrorStream(true)
                .redirectOutput(pair.local().folder().resolve(log).toFile())
                .start());
    }
}
