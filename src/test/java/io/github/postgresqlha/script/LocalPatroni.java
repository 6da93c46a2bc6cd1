package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.patroni.PatroniConfiguration;
import io.github.postgresqlha.postgresql.MemorySizing;
import io.github.postgresqlha.postgresql.Parameters;
import io.github.postgresqlha.postgresql.PostgresVersion;
import io.github.postgresqlha.postgresql.ServerSecurity;
import io.github.postgresqlha.postgresql.WalSizing;
import io.github.postgresqlha.spec.Failover;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.TlsMode;
import io.github.postgresqlha.spec.TlsSpec;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** The pinned Patroni with the configuration of a specification, on an address of loopback, without its supervisor. */
final class LocalPatroni {

    static final String SCOPE = "postgresql-patroni";
    static final String KEY = "a-key";
    private static final Path PROGRAMS = Project.file(".tools/patroni/bin");
    static final String PYTHON = PROGRAMS + "/python3";

    private final LocalPostgres local;
    private final LocalKubernetes kubernetes;
    private final String name;
    private final String address;
    private final Path home;
    private final Map<String, String> environment = new TreeMap<>();
    private final Path configuration;
    private Optional<Process> process = Optional.empty();

    /** Ports are fixed, so each test run has addresses of its own: loopback has 16 million. */
    static String address(int number) {
        long run = ProcessHandle.current().pid() % 60_000;
        return String.format(Locale.ROOT, "127.%d.%d.%d", 1 + run / 250, run % 250, 10 + number);
    }

    LocalPatroni(LocalPostgres local, LocalKubernetes kubernetes, int number) {
        Tool.require("patroni/bin/patroni");
        this.local = local;
        this.kubernetes = kubernetes;
        name = "member" + number;
        address = address(number);
        home = local.makeFolder(name);
        local.write(local.folder().resolve("kubeconfig"), kubernetes.kubeconfig());
        kubernetes.addPod(
                name,
                Map.of("app.kubernetes.io/part-of", "postgresql-ha", "postgresqlha.github.io/patroni-scope", SCOPE));
        configuration = local.folder().resolve(name + "-configuration");
        if (!configuration.toFile().mkdir()) {
            throw new IllegalStateException("exists: " + configuration);
        }
        configure(configuration);
        environment.put("KUBECONFIG", local.folder().resolve("kubeconfig").toString());
        environment.put("PATRONICTL_CONFIG_FILE", configuration.toString());
        environment.put("HOME", home.toString());
        environment.put("PGHOST", home.toString());
        environment.put("PGUSER", "postgres");
        environment.put("PGDATABASE", "postgres");
    }

    private void configure(Path folder) {
        Path custom = folder.resolve("postgresql.conf");
        local.write(custom, "");
        PostgresqlHaSpec.Builder builder = PostgresqlHaSpec.builder();
        builder.image("registry.example/postgresql-patroni:17")
                .failover(Failover.AUTOMATIC)
                .tls(TlsSpec.builder().mode(TlsMode.OFF).build());
        PostgresqlHaSpec spec = builder.build();
        Map<String, String> files = new PatroniConfiguration(
                        Installation.of(spec),
                        Parameters.of(
                                PostgresVersion.V17,
                                new WalSizing(20L << 30),
                                MemorySizing.fixed(),
                                ServerSecurity.of("scram-sha-256"),
                                List.of(),
                                Map.of()))
                .files();
        local.write(
                folder.resolve("1-specification.yml"), Objects.requireNonNull(files.get(PatroniConfiguration.LOCAL)));
        local.write(
                folder.resolve("2-dynamic.yml"),
                "bootstrap:\n  dcs:\n"
                        + Objects.requireNonNull(files.get(PatroniConfiguration.DYNAMIC))
                                .indent(4));
        local.write(folder.resolve("3-member.yml"), """
                name: %1$s
                kubernetes: {namespace: here, pod_ip: %2$s}
                restapi:
                  listen: "%2$s:8008"
                  connect_address: "%2$s:8008"
                  authentication: {username: patroni, password: %5$s}
                postgresql:
                  listen: "%2$s:5432"
                  connect_address: "%2$s:5432"
                  data_dir: %3$s/data
                  bin_dir: %4$s/bin
                  bin_name: {postgres: postgres, pg_rewind: pg_rewind}
                  pre_promote: "true"
                  custom_conf: %6$s
                  create_replica_methods: [basebackup]
                  pgpass: %3$s/passfile
                  authentication:
                    superuser: {username: postgres}
                    replication: {username: postgres}
                    rewind: {username: postgres}
                  parameters:
                    hba_file: %3$s/data/pg_hba.conf
                    ident_file: %3$s/data/pg_ident.conf
                    unix_socket_directories: %3$s
                    shared_buffers: 16MB
                    fsync: "off"
                """.formatted(name, address, home, local.programs(), KEY, custom));
    }

    String address() {
        return address;
    }

    String name() {
        return name;
    }

    Path data() {
        return home.resolve("data");
    }

    LocalPatroni start() throws IOException {
        process = Optional.of(local.process(environment, PROGRAMS + "/patroni", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        local.folder().resolve(name + ".log").toFile()))
                .start());
        return this;
    }

    /** It reads its configuration anew. */
    void reload() {
        process.ifPresent(running -> bash("kill -HUP " + running.pid()));
    }

    /** Ends it as its supervisor does; its PostgreSQL goes with it, unless failover is paused. */
    void stop() {
        process.ifPresent(running -> {
            running.destroy();
            running.onExit().join();
        });
    }

    /** As the loss of a container ends it and all that it started; what is left of its locks the supervisor would remove. */
    void kill() {
        process.ifPresent(running -> running.destroyForcibly().onExit().join());
        bash("""
                server=$(head -n 1 "$PGDATA/postmaster.pid")
                kill -KILL "$server" $(pgrep -P "$server")
                sleep 1
                rm -f "$PGDATA/postmaster.pid" "$PGHOST"/.s.PGSQL.*
                """);
    }

    /** A new database here, and a standby that streams from it and may take over. */
    void serveWith(LocalPatroni standby) throws IOException, InterruptedException {
        Tool.Result made = bash("initdb -k -U postgres -A trust --no-sync");
        assertThat(made.status()).as(made.output()).isZero();
        start().require("a primary", this::isPrimary);
        standby.start().require("a standby that streams", standby::streams);
        standby.require("a standby that may take over", standby::isKnown);
    }

    boolean isPrimary() {
        return sql("SELECT pg_is_in_recovery()").equals("f");
    }

    boolean streams() {
        return sql("SELECT status FROM pg_stat_wal_receiver").equals("streaming");
    }

    /** Within two minutes, and fails with the end of its log. */
    void require(String what, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 480 && !condition.getAsBoolean(); i++) {
            Thread.sleep(250);
        }
        assertThat(condition.getAsBoolean()).as(() -> what + "\n" + newestLog()).isTrue();
    }

    String newestLog() {
        String log = log();
        return log.substring(Math.max(0, log.length() - 4000));
    }

    /** Whether the primary has named it for failsafe mode, within a loop of its own: before that it never takes over. */
    boolean isKnown() {
        return kubernetes
                .annotation("configmaps/" + SCOPE + "-leader", "failsafe")
                .contains(name);
    }

    Path home() {
        return home;
    }

    String log() {
        return Project.log(local.folder().resolve(name + ".log"));
    }

    Tool.Result patronictl(String... arguments) {
        return run(PROGRAMS + "/patronictl", arguments);
    }

    Tool.Result bash(String script) {
        return run("bash", "-c", "exec 2>&1; export PGDATA=" + data() + "; " + script);
    }

    /** What one row says, or nothing while nobody answers. */
    String sql(String statement) {
        Tool.Result result = run("psql", "-XAtqc", statement);
        return result.status() == 0 ? result.output().strip() : "";
    }

    private Tool.Result run(String program, String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = program;
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return Tool.run(local.process(environment, command), local.folder());
    }
}
