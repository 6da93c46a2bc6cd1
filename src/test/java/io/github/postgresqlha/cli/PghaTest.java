package io.github.postgresqlha.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The command line as its user meets it. Nothing here starts node: a bad specification is refused before. */
class PghaTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest(name = "{0}")
    @MethodSource("badSpecifications")
    void refuses_and_writes_nothing(String what, String text, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("postgresql-ha.yaml"), text);
        Path target = folder.resolve("dist");
        assertThat(run("synth", "--config", file.toString(), "--out", target.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).isEqualToNormalizingNewlines("invalid postgresql-ha.yaml, " + message + "\n");
        assertThat(out.toString()).isEmpty();
        assertThat(target).doesNotExist();
    }

    static Stream<Arguments> badSpecifications() {
        return Stream.of(
                bad(
                        "unknown key",
                        "backup:\n  schedul: '0 2 * * *'\n",
                        "backup.schedul: is an unknown key; did you mean 'schedule'? (line 2, column 3)"),
                bad(
                        "bad cron",
                        "backup: {schedule: '0 25 * * *'}",
                        "backup.schedule: is no schedule (hour 25 is not 0 to 23),"
                                + " got '0 25 * * *'; write five fields: minute hour day-of-month month day-of-week,"
                                + " as 0 2 * * * (line 1, column 20)"),
                bad(
                        "bad quantity",
                        "primary: {storage: {data: {size: 20Gigs}}}",
                        "primary.storage.data.size: is no quantity, got '20Gigs'; write it like 500m for processors,"
                                + " 4Gi for memory or storage (line 1, column 34)"),
                bad(
                        "no storage",
                        "primary: {storage: {data: {size: 0}}}",
                        "primary.storage.data.size: must be at least 1Gi, got 0; raise it (line 1, column 28)"),
                bad(
                        "request over limit",
                        "primary: {resources: {requests: {cpu: 3000m}}}",
                        "primary.resources.requests.cpu: must not be more than its limit 2000m, got 3000m;"
                                + " lower it or raise the limit (line 1, column 34)"),
                bad(
                        "upper case",
                        "name: Postgres",
                        "name: must be 1 to 39 of a-z, 0-9 and -, with a letter or digit at both ends, got 'Postgres'"
                                + " (8 characters); choose such a name (line 1, column 1)"),
                bad(
                        "64 characters",
                        "name: " + "a".repeat(64),
                        "name: must be 1 to 39 of a-z, 0-9 and -, with a letter or digit at both ends, got '"
                                + "a".repeat(64) + "' (64 characters); choose such a name (line 1, column 1)"),
                bad(
                        "unsupported major",
                        "postgresVersion: 13",
                        "postgresVersion: must be one of [15, 16, 17, 18, 19], got '13'; choose one (line 1, column 18)"),
                bad(
                        "a parameter that is gone",
                        "postgresVersion: 19\nconfiguration: {parameters: {io_workers: 4}}\n",
                        "configuration.parameters.io_workers: is a parameter of PostgreSQL 18, not of 19, whose server"
                                + " would not start; use io_min_workers and io_max_workers (line 2, column 30)"),
                bad(
                        "a parameter to come",
                        "configuration: {parameters: {io_method: worker}}",
                        "configuration.parameters.io_method: is a parameter of PostgreSQL 18 to 19, not of 17, whose"
                                + " server would not start; remove it (line 1, column 30)"),
                bad(
                        "a parameter with a typing error",
                        "configuration: {parameters: {log_lock_wait: on}}",
                        "configuration.parameters.log_lock_wait: is no parameter of PostgreSQL 17; did you mean"
                                + " log_lock_waits? (line 1, column 30)"),
                bad(
                        "asynchronous I/O that the pods may not do",
                        "postgresVersion: 18\nconfiguration: {parameters: {io_method: io_uring}}\n",
                        "configuration.parameters.io_method: must be worker or sync, got 'io_uring': the seccomp profile of"
                                + " the pods forbids io_uring, and the server would not start; use worker (line 2, column 30)"),
                bad(
                        "image without tag",
                        "image: registry.example:5000/postgres",
                        "image: must have a tag that says what runs, got 'registry.example:5000/postgres';"
                                + " write it like postgres:17 (line 1, column 1)"),
                bad(
                        "too few senders",
                        "configuration: {maxWalSenders: 2}",
                        "configuration.maxWalSenders: must be 3 to 100 (1 for standbys, 1 for the WAL archiver,"
                                + " 1 for a base backup), got 2; set it to 3 or more (line 1, column 17)"),
                bad(
                        "automatic with the stock image",
                        "failover: automatic",
                        "image: must have Patroni in it where failover is automatic, got 'postgres:17'; name an image of yours"
                                + " here, and build it from image/Dockerfile of the output"),
                bad(
                        "automatic alone",
                        "failover: automatic\nimage: registry.example/patroni:17\nstandby: {enabled: false}\n",
                        "failover: automatic needs a standby, got standby.enabled false; enable it or leave failover"
                                + " manual (line 1, column 1)"),
                bad(
                        "more standbys without Patroni",
                        "standby: {count: 2}\nconfiguration: {maxWalSenders: 4}\n",
                        "standby.count: more than one standby needs Patroni, got 2 with failover manual; set failover to"
                                + " automatic or count to 1 (line 1, column 11)"),
                bad(
                        "a lock that runs out too soon",
                        "patroni: {ttl: 20, loopWait: 10, retryTimeout: 10}",
                        "patroni.ttl: must be at least loopWait + 2 * retryTimeout, which is 30, got 20; else a slow API"
                                + " costs a healthy primary its lock: raise ttl or lower the others (line 1, column 11)"),
                bad(
                        "a former primary that is waited for too long",
                        "patroni: {primaryReturnTimeout: 3601}",
                        "patroni.primaryReturnTimeout: must be 0 to 3600 seconds, got 3601; leave it out for ttl, 0 does"
                                + " not wait (line 1, column 11)"),
                bad(
                        "no address of the API",
                        "network: {apiServerCidr: kubernetes.default.svc}",
                        "network.apiServerCidr: is no range of addresses, got 'kubernetes.default.svc'; write it like"
                                + " 10.0.0.1/32 (line 1, column 11)"),
                bad(
                        "synchronous alone",
                        "standby: {enabled: false}\nreplication: {synchronous: true}\n",
                        "replication.synchronous: needs a standby, got true with standby.enabled false;"
                                + " enable the standby or leave it asynchronous (line 2, column 15)"),
                bad(
                        "same name twice",
                        "name: a\nname: b\n",
                        "name: stands twice, first in line 1, column 1; keep one of the two (line 2, column 1)"),
                bad(
                        "role of the product",
                        "databaseOwner: replicator",
                        "databaseOwner: is a name of the product or of PostgreSQL itself, got 'replicator';"
                                + " choose another (line 1, column 1)"),
                bad("empty file", "", "is empty; write at least one key, as name: postgresql"),
                bad(
                        "syntax error",
                        "name: [a\n",
                        "is no YAML: expected ',' or ']', but got <stream end>; correct it there (line 2, column 1)"),
                bad(
                        "owned parameter",
                        "configuration: {parameters: {port: 5433}}",
                        "configuration.parameters.port: is set by the product itself; remove it"
                                + " (line 1, column 30)"),
                bad(
                        "password in a parameter of the product",
                        "configuration: {parameters: {primary_conninfo: host=x password=secret}}",
                        "configuration.parameters.primary_conninfo: is set by the product itself; remove it"
                                + " (line 1, column 30)"),
                bad(
                        "another file, as that of a password",
                        "secret\n",
                        "must be keys and values, got a single value; write it as key: value lines (line 1, column 1)"),
                bad(
                        "what a terminal acts on",
                        "name: \"\\x9b2J\\u202E\"\n",
                        "name: must be 1 to 39 of a-z, 0-9 and -, with a letter or digit at both ends,"
                                + " got '\\u009b2J\\u202e' (4 characters); choose such a name (line 1, column 1)"));
    }

    private static Arguments bad(String what, String text, String violation) {
        return arguments(what, text, "1 violation:\n  " + violation);
    }

    @Test
    void says_everything_at_once() throws IOException {
        Path file = Files.writeString(folder.resolve("x.yaml"), "name: X\nimage: postgres:16\nnam: y\n");
        assertThat(run("validate", "--config", file.toString())).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("invalid x.yaml, 3 violations:")
                .contains("  name: ", "  image: ", "  nam: ");
    }

    @Test
    void tells_programs_in_json() throws JsonProcessingException, IOException {
        Path file = Files.writeString(folder.resolve("x.yaml"), "nam: y\n");
        assertThat(run("validate", "--format", "json", "--config", file.toString()))
                .isEqualTo(2);
        JsonNode answer = new ObjectMapper().readTree(out.toString());
        assertThat(answer.path("valid").asBoolean()).isFalse();
        assertThat(answer.at("/violations/0/key").asText()).isEqualTo("nam");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void warns_of_a_major_that_was_tested_before_its_release() throws IOException {
        Path file = Files.writeString(folder.resolve("x.yaml"), "postgresVersion: 19\n");
        assertThat(run("validate", "--config", file.toString())).isZero();
        assertThat(err.toString())
                .startsWith("warning: postgresVersion: 19 was tested here as its release candidate 1");
    }

    @Test
    void warns_of_a_backup_volume_that_will_be_full() throws IOException {
        Path file = Files.writeString(folder.resolve("x.yaml"), "backup: {capacity: {databaseSize: 60Gi}}\n");
        assertThat(run("validate", "--config", file.toString())).isZero();
        assertThat(err.toString())
                .startsWith("warning: backup.storage.size: the backups are likely to take 192.0Gi of 50.0Gi");
        assertThat(out.toString()).isEqualToNormalizingNewlines(file + " is valid\n");
    }

    @Test
    void warns_of_members_that_cannot_replay_the_largest_record() throws IOException {
        String amounts = "{resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {cpu: 500m, memory: 2508Mi}}}";
        Path file = Files.writeString(folder.resolve("x.yaml"), "primary: " + amounts + "\nstandby: " + amounts + "\n");
        assertThat(run("validate", "--config", file.toString())).isZero();
        assertThat(err.toString())
                .contains("warning: primary.resources.limits.memory: replay", "got 2508Mi")
                .contains("warning: standby.resources.limits.memory: replay", "set it to 2509Mi or more");
        Files.writeString(
                file,
                "primary: " + amounts.replace("2508Mi", "2509Mi")
                        + "\nstandby: {enabled: false}\nnetwork: {airflowPods: false}\n");
        err.getBuffer().setLength(0);
        assertThat(run("validate", "--config", file.toString())).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void accepts_the_specification_of_this_repository() {
        Path file = Project.file("postgresql-ha.yaml");
        assertThat(run("validate", "--config", file.toString())).isZero();
        assertThat(out.toString()).isEqualToNormalizingNewlines(file + " is valid\n");
    }

    @Test
    void names_a_file_that_is_not_there() {
        assertThat(run("validate", "--config", "nowhere.yaml")).isEqualTo(2);
        assertThat(err.toString())
                .contains("there is no file 'nowhere.yaml'; create it, or name another with --config");
    }

    @Test
    void refuses_bad_usage() {
        assertThat(run("synht")).isEqualTo(64);
        assertThat(err.toString()).startsWith("pgha: Unmatched argument at index 0: 'synht'");
        assertThat(run()).isEqualTo(64);
        assertThat(run("validate", "--format", "xml")).isEqualTo(64);
    }

    @Test
    void explains_itself() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("synth", "validate", "schema");
    }

    @Test
    void prints_the_schema_that_is_committed_for_editors() {
        assertThat(run("schema")).isZero();
        assertThat(out.toString())
                .as("run: ./pgha schema > docs/reference/postgresql-ha.schema.json")
                .isEqualTo(Project.read(Project.file("docs/reference/postgresql-ha.schema.json")));
    }

    private int run(String... arguments) {
        return Pgha.run(
                InputStream.nullInputStream(), new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
