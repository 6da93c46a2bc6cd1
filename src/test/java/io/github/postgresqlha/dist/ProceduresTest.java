package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The procedures but failover.sh: by roles, by what the machine has, by what the folder holds. */
class ProceduresTest {

    @TempDir
    private Path folder;

    @Test
    void names_every_program_that_the_machine_lacks_before_anything_is_done() throws IOException {
        StubCluster cluster = new StubCluster(folder, Examples.standard())
                .bareMachine("bash", "env", "dirname", "sed", "grep", "cat", "tr");
        for (String program : new String[] {"failover.sh", "switchover.sh", "deploy-postgresql.sh"}) {
            Tool.Result result = cluster.run(program);
            assertThat(result.status()).as(program).isEqualTo(64);
            assertThat(result.output())
                    .contains("nothing was done", "timeout, of GNU coreutils: install it", "kubectl: https://");
            assertThat(result.output().contains("openssl 1.1.1 or newer"))
                    .as("only certificates need it: " + program)
                    .isEqualTo(program.equals("deploy-postgresql.sh"));
        }
        assertThat(cluster.run("failover.sh", "--help").status()).isZero();
    }

    @Test
    void names_a_bash_that_is_too_old() {
        Path library = new StubCluster(folder, Examples.standard()).dist().resolve("lib/requirements.sh");
        Tool.Result result = Tool.run(new ProcessBuilder(
                "bash", "-c", "source \"$1\" && missing_requirements 3", "bash", library.toString()));
        assertThat(result.output()).contains("bash 5 or newer, this is 3: install it (macOS: brew install bash)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rm postgresql.env                            | NAME.env is missing
            cp postgresql.env other.env                  | more than one NAME.env (other.env postgresql.env)
            sed -i 's/$/\\r/' postgresql.env             | NAME has an odd value or line end
            sed -i '/^MEMBERS=/d' postgresql.env         | MEMBERS is missing
            sed -i 's/^NAME=.*/NAME=$(id)/' postgresql.env | NAME has an odd value or line end
            : >postgresql.env                            | NAME is missing
            sed -i '1a # Incomplete: a synthesis was interrupted' .generated-files | is half written, as pgha synth or mvnw package was interrupted
            """)
    void refuses_a_folder_that_is_not_as_it_was_generated(String damage, String message) throws IOException {
        StubCluster cluster = new StubCluster(folder, Examples.standard());
        Tool.run(new ProcessBuilder("bash", "-c", damage), cluster.dist());
        Tool.Result result = cluster.run("switchover.sh", "--yes");
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.output()).contains(message);
        assertThat(cluster.calls()).isEmpty();
    }

    @Test
    void deploys_nothing_into_a_namespace_that_its_owner_has_not_made() throws IOException {
        StubCluster cluster = new StubCluster(folder, Examples.standard())
                .when("*\"get statefulset \"*", "exit 0")
                .when("*\"get namespace airflow \"*", "exit 0");
        Files.delete(cluster.dist().resolve("postgresql-namespace.yaml"));
        Tool.Result result = cluster.run("deploy-postgresql.sh", "--secrets-only");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("namespace airflow: is not there", "kubectl create namespace airflow");
        assertThat(cluster.calls()).doesNotContain("apply", "create");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "failover.sh",
                "switchover.sh",
                "rebuild-standby.sh",
                "change-failover.sh",
                "deploy-postgresql.sh",
                "rotate-certificates.sh",
                "rotate-passwords.sh"
            })
    void refuses_an_unknown_option(String program) {
        StubCluster cluster = new StubCluster(folder, Examples.standard());
        Tool.Result result = cluster.run(program, "--yse");
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.output()).contains("--yse: unknown option; --help shows the options");
        assertThat(cluster.calls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"postgresql-primary,standby,primary", "postgresql-standby,primary,standby"})
    void a_deployment_changes_the_primary_last_whatever_its_name(String leader, String first, String last) {
        StubCluster cluster = new StubCluster(folder, Examples.standard())
                .role(leader, "primary")
                .when("*\"cat /tmp/instance.role\"", "said standby")
                .when("*\"get statefulset \"*\"-o name\"", "said statefulset.apps/x")
                .when("*readyReplicas}*updateRevision*", "said '1 1 a=a'")
                .when("*readyReplicas*", "said 1")
                .when("*command*", "said /scripts/instance.sh")
                .when("*\"get job \"*", "said job.batch/postgresql-backup")
                .when("*\"get secret \"*", "exit 0")
                .when("*\"get configmap \"*", "exit 0")
                .when("*\"create -f -\"*", "cat >/dev/null; said 1")
                .when("*\"patch secret \"*", "cat >/dev/null; exit 0")
                .when("*\"get storageclass\"*", "exit 0");
        Tool.Result result = cluster.run("deploy-postgresql.sh");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(cluster.calls().lines().filter(call -> call.matches("applied: (primary|standby)")))
                .containsExactly("applied: " + first, "applied: " + last);
        assertThat(cluster.calls()).containsSubsequence("applied: " + first, "updateRevision", "applied: " + last);
    }

    /** They would refuse everybody until they are replaced, and nobody would follow them. */
    @Test
    void requires_no_tls_of_members_that_run_without() throws IOException {
        StubCluster cluster = new StubCluster(folder, Examples.standard())
                .when("*command*", "said /scripts/instance.sh")
                .when("*TLS_DIRECTORY*", "said 1/");
        Files.writeString(cluster.dist().resolve("postgresql-primary.yaml"), "            - name: TLS_CA_FILE\n");
        Tool.Result result = cluster.run("deploy-postgresql.sh");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("postgresql-primary runs without TLS", "first deploy with tls.required: false");
        assertThat(cluster.calls()).doesNotContain("apply");
    }

    @ParameterizedTest
    @CsvSource({"postgresql-primary,postgresql-standby", "postgresql-standby,postgresql-primary"})
    void rebuilds_the_volumes_of_the_standby_whatever_its_name(String primary, String standby) {
        StubCluster cluster = new StubCluster(folder, Examples.standard())
                .role(primary, "primary")
                .role(standby, "standby")
                .when("*pg_controldata*", "said 'system=7000000000000000001\\nbytes=24000000'")
                .when("*pg_stat_replication*", "said 1")
                .when("*\"get pod \"*\"-o name\"", "exit 0")
                .when("*\"delete pvc \"*", "exit 0")
                .when("*\"scale statefulset \"*", "exit 0");
        Tool.Result result = cluster.run("rebuild-standby.sh", "--yes", "--delete-volumes");
        assertThat(result.output()).contains(standby + " is rebuilt");
        assertThat(cluster.calls())
                .containsSubsequence(
                        "scale statefulset " + standby + " --replicas=0",
                        "delete pvc data-" + standby + " wal-" + standby + " --ignore-not-found",
                        "applied: storage",
                        "scale statefulset " + standby + " --replicas=1");
        assertThat(cluster.run("rebuild-standby.sh", "--yes", "--member=" + primary)
                        .output())
                .contains(primary + " is the primary; a standby is what can be rebuilt");
        assertThat(cluster.run("rebuild-standby.sh", "--yes", "--member=other").output())
                .contains("'other' is not a member; there are postgresql-primary postgresql-standby");
    }

    @ParameterizedTest
    @CsvSource({"postgresql-primary,postgresql-standby", "postgresql-standby,postgresql-primary"})
    void changes_failover_at_the_primary_whatever_its_name(String primary, String standby) {
        StubCluster cluster = new StubCluster(folder, Examples.standard())
                .role(primary, "primary")
                .role(standby, "standby")
                .when(
                        "*\"get statefulsets -l\"*",
                        "said 'statefulset.apps/postgresql-primary\\nstatefulset.apps/postgresql-standby'")
                .when("*replicas*", "said 1")
                .when("*command*", "said /scripts/patroni.sh");
        assertThat(cluster.run("change-failover.sh").output())
                .contains(
                        "apply the manifests here: " + primary + " restarts with manual failover",
                        "no terminal to ask on");
    }

    @Test
    void changes_failover_only_where_one_member_is_primary() {
        StubCluster cluster = new StubCluster(folder, Examples.standard())
                .role("postgresql-primary", "undecided")
                .when("*\"cat /tmp/instance.role\"", "failed 'Error from server (NotFound): pods not found'")
                .when("*\"get pod \"*", "exit 0")
                .when("*\"get statefulset postgresql-standby \"*replicas*", "said 0");
        automatic(cluster);
        assertThat(cluster.run("change-failover.sh", "--yes").output())
                .contains("postgresql-primary is undecided, postgresql-standby is gone", "has to be primary for this");
        assertThat(cluster.calls()).doesNotContain("scale ", "promote_trigger");
    }

    /** While the plan is shown Patroni may elect another one, whose rows would be left behind. */
    @Test
    void changes_no_failover_of_a_member_that_is_primary_no_more() {
        StubCluster cluster = new StubCluster(folder, Examples.standard())
                .when(
                        "*\"exec postgresql-primary-0 \"*\"cat /tmp/instance.role\"",
                        "is third && said standby; is second && note third; note second; said primary")
                .when("*\"cat /tmp/instance.role\"", "is third && said primary; said standby");
        automatic(cluster);
        assertThat(cluster.run("change-failover.sh", "--yes").output())
                .contains("postgresql-primary is primary no more: nothing was done, run this again");
        assertThat(cluster.calls()).doesNotContain("scale ", "promote_trigger");
    }

    /** As a change that was killed leaves it: Patroni without rights and configuration, in a pod that never gets ready. */
    @Test
    void replaces_a_member_that_cannot_get_ready_by_what_was_applied() {
        StubCluster cluster = new StubCluster(folder, Examples.standard())
                .when(
                        "*\"exec postgresql-primary-0 \"*\"cat /tmp/instance.role\"",
                        "is replaced && said primary; failed 'error: container not found (\"postgresql\")'")
                .when("*\"cat /tmp/instance.role\"", "failed 'Error from server (NotFound): pods not found'")
                .when("*\"get pod postgresql-primary-0 \"*\"-o name\"", "said pod/postgresql-primary-0")
                .when("*\"get pod postgresql-primary-0 \"*uid*revision*", "said 0d4e0000-1111/old//False")
                .when(
                        "*\"get pod postgresql-primary-0 \"*command*",
                        "is replaced && said /scripts/instance.sh; said /scripts/patroni.sh")
                .when(
                        "*\"delete --raw /api/v1/namespaces/airflow/pods/postgresql-primary-0 -f -\"*",
                        "note replaced; exit 0")
                .when("*\"get pod postgresql-standby-0 \"*", "exit 0")
                .when("*updateRevision*", "said new")
                .when("*\"get statefulset postgresql-standby \"*replicas*", "said 0")
                .when("*replicas*", "said 1")
                .when("*command*", "said /scripts/instance.sh")
                .when("*\"get statefulset \"*\"-o name\"", "said statefulset.apps/x")
                .when(
                        "*\"get statefulsets -l\"*",
                        "said 'statefulset.apps/postgresql-primary\\nstatefulset.apps/postgresql-standby'")
                .when("*\"delete configmaps\"*", "failed 'the next step'");
        assertThat(cluster.run("change-failover.sh", "--yes").output())
                .contains(
                        "go on with an earlier change to manual failover",
                        "postgresql-primary-0 is not ready, and Kubernetes waits for that",
                        "postgresql-primary is primary with manual failover");
        assertThat(cluster.calls()).contains("pods/postgresql-primary-0 -f -", "delete configmaps");
    }

    /** Both members are there, and run Patroni. */
    private static void automatic(StubCluster cluster) {
        cluster.when("*replicas*", "said 1")
                .when("*command*", "said /scripts/patroni.sh")
                .when("*\"get statefulset \"*\"-o name\"", "said statefulset.apps/x")
                .when(
                        "*\"get statefulsets -l\"*",
                        "said 'statefulset.apps/postgresql-primary\\nstatefulset.apps/postgresql-standby'");
    }
}
