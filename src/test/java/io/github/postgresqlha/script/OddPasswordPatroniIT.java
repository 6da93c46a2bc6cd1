package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Patroni with the very file that the supervisor writes for it copies, streams and rewinds by passwords as odd as passwords get. */
@Tag("long")
class OddPasswordPatroniIT {

    private final LocalPostgres local = LocalPostgres.create();
    private LocalKubernetes kubernetes;
    private LocalPatroni first;
    private LocalPatroni second;
    private Path secret;

    @BeforeEach
    void prepare() throws Exception {
        kubernetes = new LocalKubernetes();
        first = new LocalPatroni(local, kubernetes, 1);
        second = new LocalPatroni(local, kubernetes, 2);
        secret = local.makeFolder("secret");
        for (String role : new String[] {"replicator", "rewinder", "patroni"}) {
            local.write(secret.resolve(role + "-password"), OddPasswordIT.ODD);
        }
        writePasswords("written");
    }

    @AfterEach
    void stop() {
        first.stop();
        second.stop();
        kubernetes.close();
        local.delete();
    }

    @Test
    void are_taken_by_copy_stream_and_rewind() throws Exception {
        serve();
        first.kill();
        second.require("the standby takes over", second::isPrimary);
        second.sql("CREATE TABLE won (id int)");
        first.start().require("the former primary streams", first::streams);
        assertThat(first.sql("SELECT count(*) FROM pg_class WHERE relname = 'won'"))
                .isEqualTo("1");
        assertThat(first.log() + second.log()).doesNotContain("漢字\uD83D\uDC18").doesNotContain("authentication failed");
    }

    /** The Secret is lost while nobody runs, and made anew: only a primary gives the roles its passwords. */
    @Test
    void a_primary_is_elected_where_the_servers_refuse_them() throws Exception {
        serve();
        second.stop();
        first.stop();
        local.write(secret.resolve("replicator-password"), "another");
        writePasswords("rewritten");
        first.start();
        second.start();
        first.require("one of the two is primary", () -> first.isPrimary() || second.isPrimary());
    }

    private void serve() throws Exception {
        assertThat(first.bash("initdb -k -U postgres --auth=trust --no-sync").status())
                .isZero();
        local.write(first.data().resolve("pg_hba.conf"), """
                local all all trust
                local replication replicator trust
                host replication replicator all scram-sha-256
                host postgres rewinder all scram-sha-256
                host all all all reject
                """);
        makeRoles();
        first.start().require("a primary", first::isPrimary);
        second.start().require("a standby that streams", second::streams);
        second.require("a standby that may take over", second::isKnown);
        assertThat(first.sql("SELECT usename FROM pg_stat_replication")).isEqualTo("replicator");
    }

    private void writePasswords(String folder) {
        for (LocalPatroni member : new LocalPatroni[] {first, second}) {
            local.write(
                    local.folder().resolve(member.name() + "-configuration/4-passwords.yml"),
                    passwords(member, folder));
        }
    }

    /** Patroni asks as them from the beginning. */
    private void makeRoles() {
        String password = "'" + OddPasswordIT.ODD.replace("'", "''") + "'";
        Path sql = local.folder().resolve("roles.sql");
        local.write(sql, """
                CREATE ROLE replicator REPLICATION LOGIN PASSWORD %s;
                CREATE ROLE rewinder LOGIN PASSWORD %s;
                GRANT EXECUTE ON FUNCTION pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean), pg_read_binary_file(text),
                  pg_read_binary_file(text, bigint, bigint, boolean) TO rewinder;
                """.formatted(password, password));
        // Not the program of that name in bin/, which asks a supervisor.
        String control = local.programs() + "/bin/pg_ctl";
        Tool.Result made =
                first.bash(control + " start -s -w -o \"-k $PGHOST -c listen_addresses=''\" -l $PGDATA/by-hand.log"
                        + " && psql -Xqf " + sql + " && " + control + " stop -s -w");
        assertThat(made.status()).as(made.output()).isZero();
    }

    /** What the supervisor's own function writes of the roles and of the REST API. */
    private String passwords(LocalPatroni member, String name) {
        Path folder = local.makeFolder(member.name() + "-" + name);
        local.write(local.configuration().resolve("patroni.yml"), "{}\n");
        local.write(local.configuration().resolve("patroni-dynamic.yml"), "{}\n");
        String driver =
                "cd \"$1\"; source lib/log.sh; source lib/postgres.sh; source lib/secrets.sh; source patroni/api.sh; source patroni/process.sh; write_patroni_configuration";
        Tool.Result written = Tool.run(local.process(
                Map.of(
                        "POD_IP",
                        member.address(),
                        "POD_NAMESPACE",
                        "here",
                        "INSTANCE_NAME",
                        member.name(),
                        "PATRONICTL_CONFIG_FILE",
                        folder.toString(),
                        "CONFIG_DIRECTORY",
                        local.configuration().toString(),
                        "SECRET_DIRECTORY",
                        secret.toString(),
                        "PATRONI_PORT",
                        "8008",
                        "PGPORT",
                        "5432",
                        "FAILOVER_PRIORITY",
                        "1",
                        "APPLY_DELAY",
                        ""),
                "bash",
                "-Eeuo",
                "pipefail",
                "-c",
                driver,
                "driver",
                local.scripts().toString()));
        assertThat(written.status()).as(written.output()).isZero();
        String file = Project.read(folder.resolve("3-member.yml"));
        return file.substring(file.indexOf("restapi:"));
    }
}
