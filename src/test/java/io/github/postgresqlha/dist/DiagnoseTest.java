package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code diagnose.sh} and {@code kill-long-queries.sh}: what is collected has no secret; nobody is ended who was not meant. */
class DiagnoseTest {

    /** The password of one role, as it is and as URLs, SQL and JSON have it; and what other secrets look like. */
    private static final String PLANTED = """
            plain p4\\'s "w/ö
            url postgresql://airflow:p4%5C%27s%20%22w%2F%C3%B6@primary/airflow
            sql ALTER ROLE airflow PASSWORD 'p4\\''s "w/ö'
            json {"note": "p4\\\\'s \\"w/ö"}
            other postgresql://x:foreign"secret@host/y
            PGPASSWORD=foreign-one sslpassword = foreign-two
            {"password": "foreign\\"foreign", "user": "x"}
            AKIAIOSFODNN7EXAMPLE
            SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy
            -----BEGIN PRIVATE KEY-----
            Zm9yZWlnbi1rZXk=
            -----END PRIVATE KEY-----
            the end: password authentication failed for user "airflow"
            """;

    @TempDir
    private Path folder;

    @Test
    void collects_and_masks() throws IOException {
        StubCluster cluster = planted();
        Tool.Result result = cluster.run("diagnose.sh", "--out", "diagnosis.tar.gz");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("diagnosis.tar.gz: ", " files, ");
        String all = unpacked();
        assertThat(all)
                .contains("the end: password authentication failed for user \"airflow\"", "installation postgresql")
                .doesNotContain("p4", "foreign", "AKIA", "SCRAM-SHA", "PRIVATE KEY", "Zm9y");
        assertThat(cluster.calls()).doesNotContain("get secret", "p4");
    }

    @Test
    void a_shell_that_shows_its_commands_shows_no_password() {
        assertThat(planted().trace("diagnose.sh", "--out", "diagnosis.tar.gz").output())
                .contains("know_secrets")
                .doesNotContain("p4");
    }

    /** Each client chooses what its session is called, and what stands in an error. */
    @Test
    void no_client_keeps_it_from_its_work() throws IOException {
        String begin = "ERROR:  relation \"-----BEGIN PRIVATE KEY-----\" does not exist";
        StubCluster cluster = new StubCluster(folder, Examples.standard())
                .when("*SECRET_DIRECTORY*", "said other-p4-word")
                .when("*\"get pods \"*jsonpath*", "said postgresql-primary-0")
                .when(
                        "*\" logs postgresql-primary-0 \"*",
                        "cat <<'END'\n" + begin + "\n" + "more\n".repeat(200) + "what it did then\nEND\nexit 0")
                .when("*pg_stat_activity*", "said 'SCRAM-SHA-256$1:x' '-----BEGIN A PRIVATE KEY'")
                .when("*\" get \"* | *\" exec \"*", "exit 0");
        Tool.Result result = cluster.run("diagnose.sh", "--out", "diagnosis.tar.gz");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(unpacked()).contains("what it did then");
    }

    @Test
    void makes_no_archive_where_the_mask_fails() throws IOException {
        StubCluster cluster = planted();
        Path mask = cluster.dist().resolve("lib/mask.sh");
        Files.writeString(mask, Project.read(mask) + "mask() { cat; }\n");
        Tool.Result result = cluster.run("diagnose.sh", "--out", "diagnosis.tar.gz");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("a password or key would be in logs/postgresql-primary-0.log", "no archive was made")
                .doesNotContain("foreign");
        assertThat(folder.resolve("diagnosis.tar.gz")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            diagnose.sh          | --lines=0       | unknown option
            diagnose.sh          | --out           | a value is missing
            kill-long-queries.sh | --older-than=1h | --older-than: seconds, a whole number, got '1h'
            kill-long-queries.sh | --role=a;b      | --role: a name of a role, got 'a;b'
            kill-long-queries.sh | --pid=0         | --pid: a process id, as the list shows it, got '0'
            kill-long-queries.sh | --member=other  | 'other' is not a member
            kill-long-queries.sh | --now           | unknown option
            """)
    void refuse_what_they_do_not_know(String program, String option, String message) {
        StubCluster cluster = new StubCluster(folder, Examples.standard());
        Tool.Result result = cluster.run(program, option);
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.output()).contains(message);
        assertThat(cluster.calls()).isEmpty();
    }

    @Test
    void ends_with_the_rights_of_the_role_itself_and_only_after_a_yes() {
        StubCluster cluster = new StubCluster(folder, Examples.standard())
                .role("postgresql-primary", "standby")
                .role("postgresql-standby", "primary")
                .when(
                        "*\"exec -i postgresql-standby-0\"*\" -U monitor \"*",
                        "is ended && exit 0; said '4711\\x1f99\\x1fairflow\\x1f900\\x1f3\\x1f-\\x1fairflow\\x1fDELETE FROM log'")
                .when("*\"exec -i postgresql-standby-0\"*\" -U postgres \"*", "cat >/dev/null; note ended; exit 0");
        Tool.Result asked = cluster.run("kill-long-queries.sh");
        assertThat(asked.status()).isEqualTo(64);
        assertThat(asked.output()).contains("4711", "DELETE FROM log", "--yes goes ahead");
        assertThat(cluster.calls()).doesNotContain("-U postgres");
        Tool.Result done = cluster.run("kill-long-queries.sh", "--yes");
        assertThat(done.status()).as(done.output()).isZero();
        assertThat(done.output()).contains("gone: 1");
        assertThat(cluster.calls())
                .contains("-v process=4711 -v start=99 -v who=airflow -v hit=pg_cancel_backend")
                .doesNotContain("exec -i postgresql-primary-0");
    }

    private StubCluster planted() {
        return new StubCluster(folder, Examples.standard())
                .when("*SECRET_DIRECTORY*", "cat <<'END'\np4\\'s \"w/ö\nother-p4-word\nEND\nexit 0")
                .when("*\"get pods \"*jsonpath*", "said postgresql-primary-0")
                .when("*\" logs postgresql-primary-0 \"*--previous*", "exit 1")
                .when("*\" logs postgresql-primary-0 \"*", "cat <<'END'\n" + PLANTED + "END\nexit 0")
                .when("*\" get \"* | *\" exec \"*", "exit 0");
    }

    private String unpacked() throws IOException {
        Tool.Result unpacked = Tool.run(new ProcessBuilder("tar", "-xzf", "diagnosis.tar.gz"), folder);
        assertThat(unpacked.status()).as(unpacked.output()).isZero();
        Path archive = folder.resolve("postgresql-airflow");
        List<Path> files = Project.filesBelow(archive);
        assertThat(files).hasSizeGreaterThan(15).contains(Path.of("logs/postgresql-primary-0.log"));
        return files.stream().map(file -> Project.read(archive.resolve(file))).collect(Collectors.joining("\n"));
    }
}
