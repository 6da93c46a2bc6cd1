package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A dump that the backup volume lacks comes from the copy outside, by real rclone, and is restored. */
@Tag("long")
class OffsiteRestoreIT {

    private static LocalPair pair;
    private static LocalInstance primary;
    private static LocalRemote remote;
    private static String dump = "";

    @BeforeAll
    static void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        remote = new LocalRemote(pair.local());
        primary.createRows().insert(7, "a");
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.put("PGDATABASE", "airflow");
        job.put("BACKUP_RETENTION_DAYS", "7");
        job.put("BACKUP_RETENTION_MINIMUM", "3");
        Tool.Result result = primary.script(job, "backup.sh");
        assertThat(result.status()).as(result.output()).isZero();
        dump = Project.filesBelow(remote.backups()).stream()
                .map(Path::toString)
                .filter(name -> name.endsWith(".sql.gz"))
                .findFirst()
                .orElseThrow();
        good("cp " + dump + "* " + pair.local().makeFolder("good"));
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @BeforeEach
    void copied() {
        good("rm -rf $REMOTE/* offsite && cp " + pair.local().folder() + "/good/* .");
        Tool.Result copied = remote.run("offsite.sh", Map.of());
        assertThat(copied.status()).as(copied.output()).isZero();
        primary.sql("airflow", "airflow", "TRUNCATE rows; INSERT INTO rows (note) VALUES ('a'), ('b')");
    }

    @Test
    void restores_a_dump_that_the_volume_has_lost() {
        good("rm " + dump + "*");
        OffsiteRequest request = restore().awaitAsked();
        Tool.Result fetched = remote.run("fetch-offsite.sh", Map.of());
        assertThat(fetched.status()).as(fetched.output()).isZero();
        Tool.Result result = request.await();
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("there is no such file on the backup volume", "asked the off-site copy for " + dump)
                .contains("it is fetched at the next run (*/10 * * * * UTC); waiting for at most 3600 s")
                .containsPattern(
                        "at once: kubectl create job fetch-[0-9]+ --from=cronjob/postgresql-offsite-fetch -n airflow")
                .contains("it is on the backup volume, after ");
        assertThat(primary.rows()).isEqualTo("a=7");
        assertThat(offsite()).contains("answer").doesNotContain("request");
        dropKept();
    }

    @Test
    void replaces_a_damaged_dump_and_keeps_it_aside_when_the_next_copy_runs() {
        good("printf x | dd of=" + dump + " bs=1 seek=60 conv=notrunc status=none");
        OffsiteRequest request = restore().awaitAsked();
        Tool.Result copied = remote.run("offsite.sh", Map.of());
        assertThat(copied.status()).as(copied.output()).isZero();
        Tool.Result result = request.await();
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("its content does not match its checksum on the backup volume");
        assertThat(primary.rows()).isEqualTo("a=7");
        assertThat(remote.backups().resolve(dump))
                .hasSameBinaryContentAs(pair.local().folder().resolve("good").resolve(dump));
        assertThat(offsite())
                .anyMatch(name -> name.matches("damaged/" + dump + "\\.[0-9_]+"))
                .doesNotContain("request");
        dropKept();
    }

    @Test
    void asks_for_nothing_that_is_there_and_sound() {
        Tool.Result restored =
                primary.script(both(), "restore.sh", dump, "--from", "offsite", "--into", "airflow_beside");
        assertThat(restored.status()).as(restored.output()).isZero();
        assertThat(primary.sql("postgres", "airflow_beside", "SELECT count(*) FROM rows"))
                .isEqualTo("7");
        assertThat(offsite()).doesNotContain("request", "answer", ".asking");
        primary.sql("DROP DATABASE airflow_beside");
        assertThat(primary.rows()).isEqualTo("a=1 b=1");
    }

    @Test
    void refuses_without_a_copy_outside_and_what_is_malformed() {
        good("rm " + dump + "*");
        for (String[] command : List.of(
                new String[] {"restore.sh", dump, "--from"}, new String[] {"restore-pitr.sh", "--latest", "--from"})) {
            assertRefused(64, "set backup.offsite in the specification", Map.of(), with(command, "offsite"));
            assertRefused(64, "'tape' must be volume or offsite", both(), with(command, "tape"));
            assertRefused(64, "'' must be volume or offsite", both(), command);
            Map<String, String> never = new TreeMap<>(both());
            never.put("OFFSITE_WAIT_SECONDS", "never");
            assertRefused(64, "OFFSITE_WAIT_SECONDS: must be a whole number", never, with(command, "offsite"));
        }
        assertRefused(64, "there is no such file", both(), "restore.sh", dump, "--from", "volume");
        assertRefused(64, "--into: '' must be a new name", both(), "restore.sh", dump, "--into", "");
        assertRefused(64, "goes without a target", both(), "restore-pitr.sh", "--list", "--from", "offsite");
        assertThat(offsite()).doesNotContain("request");
    }

    @Test
    void gives_up_in_time_and_takes_its_request_back() {
        good("rm " + dump + "*");
        Map<String, String> soon = new TreeMap<>(both());
        soon.put("OFFSITE_WAIT_SECONDS", "2");
        assertRefused(1, "no answer within 2 s", soon, "restore.sh", dump, "--from", "offsite");
        assertThat(offsite()).doesNotContain("request");
    }

    @Test
    void hands_on_why_it_cannot_be_had() {
        good("rm " + dump + "*");
        good("printf x | dd of=$REMOTE/postgresql/" + dump + " bs=1 seek=60 conv=notrunc status=none");
        assertFails(Map.of(), dump + " off-site is damaged: not taken");
        good("rm $REMOTE/postgresql/" + dump);
        good("rm $REMOTE/postgresql/" + dump + ".sha256");
        assertFails(Map.of(), "has nothing to fetch of that name (" + dump + ")");
        assertFails(Map.of("OFFSITE_REMOTE", "nowhere:postgresql"), "nowhere:postgresql cannot be read");
    }

    private static void assertFails(Map<String, String> changes, String reason) {
        OffsiteRequest request = restore().awaitAsked();
        assertThat(remote.run("fetch-offsite.sh", changes).status()).isEqualTo(1);
        Tool.Result result = request.await();
        assertThat(result.status()).as(result.output()).isEqualTo(1);
        assertThat(result.output()).contains("could not give it: ", reason, "nothing was touched");
        assertThat(primary.rows()).isEqualTo("a=1 b=1");
        assertThat(offsite()).doesNotContain("request");
        assertThat(remote.backups().resolve(dump)).doesNotExist();
    }

    @Test
    void does_nothing_for_a_waiter_that_was_killed_nor_for_what_is_no_request() throws IOException {
        good("rm " + dump + "*");
        Map<String, String> environment = new TreeMap<>(both());
        List.of("BACKUP_DIRECTORY", "MEMBER_HOSTS", "DATABASE_NAME", "DATABASE_OWNER", "SECRET_DIRECTORY")
                .forEach(variable -> environment.put(variable, primary.environment(variable)));
        environment.put("RUNTIME_DIRECTORY", primary.runtime().toString());
        Process waiter = pair.local()
                .process(environment, pair.local().scripts() + "/restore.sh", dump, "--from", "offsite")
                .redirectErrorStream(true)
                .redirectOutput(pair.local().folder().resolve("waiter.log").toFile())
                .start();
        primary.await(
                Duration.ofSeconds(20),
                () -> Files.exists(remote.backups().resolve("offsite/request")),
                "a request; it said " + pair.local().folder().resolve("waiter.log"));
        waiter.descendants().forEach(ProcessHandle::destroyForcibly);
        waiter.destroyForcibly().onExit().join();
        good("touch -d '-2 minutes' offsite/request");
        assertThat(remote.run("offsite.sh", Map.of()).output()).contains("nobody waits any more for '" + dump + " ");
        assertThat(remote.backups().resolve(dump)).doesNotExist();
        assertThat(offsite()).doesNotContain("request", "answer");
        good("echo '../../etc/passwd one' >offsite/request");
        assertThat(remote.run("offsite.sh", Map.of()).output())
                .contains("is no request; not fetched")
                .doesNotContain("passwd");
        assertThat(offsite()).doesNotContain("request", "answer");

        // An answer to somebody else is none.
        good("echo 'another ok' >offsite/answer");
        OffsiteRequest request = restore().awaitAsked();
        assertThat(remote.run("fetch-offsite.sh", Map.of()).status()).isZero();
        assertThat(request.await().status()).isZero();
        assertThat(primary.rows()).isEqualTo("a=7");
        dropKept();
    }

    @Test
    void lets_one_wait_and_one_answer_at_a_time() throws IOException {
        good("rm " + dump + "*");
        OffsiteRequest request = restore().awaitAsked();
        assertRefused(
                75, "another restore waits for the off-site copy", both(), "restore.sh", dump, "--from", "offsite");
        Process other = pair.local()
                .process(
                        Map.of(),
                        "flock",
                        remote.backups() + "/offsite/.lock",
                        "sh",
                        "-c",
                        "echo locked; exec sleep 60")
                .start();
        assertThat(other.getInputStream().read()).isEqualTo('l');
        Tool.Result second = remote.run("fetch-offsite.sh", Map.of());
        assertThat(second.status()).isEqualTo(75);
        assertThat(second.output()).contains("another copy to or from offsite:postgresql is running");
        assertThat(offsite()).contains("request");
        other.descendants().forEach(ProcessHandle::destroyForcibly);
        other.destroyForcibly().onExit().join();
        Tool.Result fetched = remote.run("fetch-offsite.sh", Map.of());
        assertThat(fetched.status()).as(fetched.output()).isZero();
        assertThat(request.await().status()).isZero();
        assertThat(primary.rows()).isEqualTo("a=7");
        dropKept();
    }

    private static OffsiteRequest restore() {
        return OffsiteRequest.start(primary, remote.backups(), both(), "restore.sh", dump);
    }

    /** The instance sees both members. */
    private static Map<String, String> both() {
        Map<String, String> both = new TreeMap<>(OffsiteRequest.offsite());
        both.put("PGPORT", primary.environment("MEMBER_PORTS"));
        return both;
    }

    private static void assertRefused(int status, String reason, Map<String, String> job, String... command) {
        String[] arguments = new String[command.length - 1];
        System.arraycopy(command, 1, arguments, 0, arguments.length);
        Tool.Result result = primary.script(job, command[0], arguments);
        assertThat(result.output()).contains(reason);
        assertThat(result.status()).as(result.output()).isEqualTo(status);
        assertThat(primary.rows()).isEqualTo("a=1 b=1");
    }

    private static String[] with(String[] command, String last) {
        String[] all = new String[command.length + 1];
        System.arraycopy(command, 0, all, 0, command.length);
        all[command.length] = last;
        return all;
    }

    private static void dropKept() {
        primary.sql("DROP DATABASE "
                + primary.sql("SELECT datname FROM pg_database WHERE datname LIKE 'airflow_before_%'"));
    }

    private static List<String> offsite() {
        return Project.filesBelow(remote.backups().resolve("offsite")).stream()
                .map(Path::toString)
                .toList();
    }

    private static void good(String script) {
        Tool.Result result = remote.bash(script);
        assertThat(result.status()).as(result.output()).isZero();
    }
}
