package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What failover.sh sees, refuses and says, before a kubectl that answers as each cluster would. */
class FailoverProcedureTest {

    private static final String NODE_FORBIDDEN =
            "failed 'Error from server (Forbidden): nodes \"node-1\" is forbidden: User \"operator\" cannot get resource \"nodes\"'";
    private static final String KNOWN =
            "noted_ago=3\\nseen_ago=9\\nlost_ago=0\\npeer_state=unknown\\npeer_timeline=3\\npeer_lsn=0/5000100";

    @TempDir
    private Path folder;

    private StubCluster cluster;

    @BeforeEach
    void install() {
        cluster = new StubCluster(folder, Examples.standard());
    }

    @ParameterizedTest
    @CsvSource({"postgresql-standby,postgresql-primary", "postgresql-primary,postgresql-standby"})
    void plans_by_roles_and_not_by_names(String standby, String lost) {
        Tool.Result result = lost(standby, lost, "said True", KNOWN).run("failover.sh");
        assertThat(result.output())
                .contains(standby + " lacks 0 bytes of what was seen of " + lost)
                .contains("1. keep " + lost + " away", "2. promote " + standby, "no terminal to ask on");
        assertThat(cluster.calls()).doesNotContain("scale", "promote_trigger");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Error from server (Forbidden): pods \"postgresql-primary-0\" is forbidden: User \"operator\" cannot create resource \"pods/exec\"",
                "error: You must be logged in to the server (Unauthorized)",
                "error: unable to upgrade connection: Forbidden (user=operator, verb=create, resource=nodes, subresource=proxy)",
                "Error from server (Forbidden): admission webhook \"exec.example\" denied the request: no exec"
            })
    void never_takes_a_refusal_of_the_api_for_silence(String error) {
        cluster.when("*\"exec postgresql-primary-0 \"*", "failed '" + error + "'")
                .role("postgresql-standby", "standby")
                .when("*\"get pod \"*", "said pod/postgresql-primary-0");
        Tool.Result result = cluster.run("failover.sh", "--yes");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("cannot tell what postgresql-primary is: " + error);
        assertThat(cluster.calls()).doesNotContain("scale", "promote_trigger");
    }

    @Test
    void never_takes_a_lost_connection_for_silence() {
        cluster.when(
                        "*\"exec postgresql-primary-0 \"*",
                        "failed 'Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout'")
                .role("postgresql-standby", "standby")
                .when("*\"get pod \"*", "said pod/postgresql-primary-0");
        Tool.Result result = cluster.run("failover.sh", "--yes");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.output()).contains("cannot tell what postgresql-primary is: Unable to connect");
    }

    @Test
    void tells_a_pod_that_is_gone_from_an_installation_that_is_not_there() {
        cluster.when("*\"exec \"*", "failed 'Error from server (NotFound): pods \"x\" not found'")
                .when("*\"get pod \"*", "exit 0")
                .when(
                        "*\"get statefulset \"*",
                        "failed 'Error from server (NotFound): statefulsets.apps \"postgresql-primary\" not found'");
        assertThat(cluster.run("failover.sh", "--yes").output())
                .contains(
                        "cannot tell what postgresql-primary is", "statefulsets.apps \"postgresql-primary\" not found");
    }

    @Test
    void goes_on_without_the_right_to_read_nodes_when_the_pod_ends() {
        Tool.Result result = lost("postgresql-standby", "postgresql-primary", NODE_FORBIDDEN, KNOWN)
                .when("*\"bash -c printf down >/tmp/promote_trigger\"", "note promoted; exit 0")
                .when("*\"scale statefulset postgresql-primary --replicas=1\"", "exit 0")
                .run("failover.sh", "--yes", "--timeout", "1");
        assertThat(result.output())
                .contains(
                        "it cannot be seen whether node node-1 of postgresql-primary is off",
                        "promote postgresql-standby")
                .doesNotContain("witch it off");
        assertThat(cluster.calls()).containsSubsequence("--replicas=0", "printf down >/tmp/promote_trigger");
    }

    @Test
    void promotes_nobody_while_a_pod_on_an_unseen_node_does_not_end() {
        cluster.when("*\"get pod postgresql-primary-0 \"*\"-o name\"", "said pod/postgresql-primary-0");
        Tool.Result result = lost("postgresql-standby", "postgresql-primary", NODE_FORBIDDEN, KNOWN)
                .run("failover.sh", "--yes", "--timeout", "1");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("Ask who may read nodes whether node-1 is on", "--node-is-off")
                .doesNotContain("witch it off");
        assertThat(cluster.calls()).contains("--replicas=0").doesNotContain("promote_trigger");
    }

    @Test
    void refuses_before_anything_while_a_node_is_seen_to_be_silent() {
        Tool.Result result = lost("postgresql-standby", "postgresql-primary", "said Unknown", KNOWN)
                .run("failover.sh", "--yes");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("node node-1 of postgresql-primary does not answer", "--node-is-off");
        assertThat(cluster.calls()).doesNotContain("scale");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            noted_ago=3\\npeer_state=unknown\\npeer_timeline=\\npeer_lsn= | has not seen postgresql-primary as primary since it started
            noted_ago=3\\npeer_state=unknown\\npeer_timeline=4\\npeer_lsn=0/5000100 | was on timeline 4, postgresql-standby is on 3
            noted_ago=3\\npeer_state=unknown\\npeer_system=7000000000000000002\\npeer_lsn=0/5000100 | holds another database system
            noted_ago=3\\npeer_state=unknown\\npeer_lsn=$(reboot) | has not seen postgresql-primary as primary
            noted_ago=600\\npeer_state=primary\\npeer_timeline=3\\npeer_lsn=0/5000100 | has written no notes for more than 15 s
            noted_ago=-600\\npeer_state=unknown\\npeer_timeline=3\\npeer_lsn=0/5000100 | has written no notes for more than 15 s
            noted_ago=3\\npeer_state=primary\\npeer_timeline=3\\npeer_lsn=0/5000100 | still sees postgresql-primary as primary
            """)
    void says_unknown_where_it_cannot_know_the_loss(String notes, String reason) {
        lost("postgresql-standby", "postgresql-primary", "said True", notes + "\\nlost_ago=0");
        Tool.Result refused = cluster.run("failover.sh", "--yes", "--accept-data-loss=1000000000");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output())
                .contains("it is unknown what postgresql-standby lacks", reason, "--accept-data-loss=unknown");
        assertThat(cluster.calls()).doesNotContain("scale", "promote_trigger");
    }

    @Test
    void goes_on_with_an_unknown_loss_that_a_person_accepts() {
        Tool.Result result = lost("postgresql-standby", "postgresql-primary", "said True", "noted_ago=3\\nlost_ago=0")
                .run("failover.sh", "--accept-data-loss=unknown");
        assertThat(result.output()).contains("unknown what postgresql-standby lacks", "no terminal to ask on");
    }

    @Test
    void says_unknown_where_the_lost_member_went_on_unseen() {
        cluster.when(
                "*\"get pod postgresql-primary-0 \"*containerStatuses*",
                "said 'CrashLoopBackOff||2026-01-31T10:00:00Z|node-1'");
        String notes =
                "noted_ago=3\\nseen_ago=3600\\nlost_ago=20\\npeer_state=unknown\\npeer_timeline=3\\npeer_lsn=0/5000100";
        assertThat(lost("postgresql-standby", "postgresql-primary", "said True", notes)
                        .run("failover.sh", "--yes")
                        .output())
                .contains("last saw postgresql-primary 3580 s before that was lost", "--accept-data-loss=unknown");
        assertThat(cluster.calls()).contains("nullif('2026-01-31T10:00:00Z', '')");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--accept-data-loss=0", "--accept-data-loss=255", "--accept-data-loss=unknown"})
    void names_a_loss_that_is_known_and_wants_that_number(String option) {
        String notes = KNOWN.replace("0/5000100", "0/5000200");
        Tool.Result refused = lost("postgresql-standby", "postgresql-primary", "said True", notes)
                .run("failover.sh", option);
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).contains("lacks 256 bytes of WAL", "--accept-data-loss=256");
        assertThat(cluster.run("failover.sh", "--accept-data-loss=256").output())
                .contains("no terminal to ask on");
    }

    @Test
    void refuses_a_copy_that_is_not_complete() {
        cluster.role("postgresql-standby", "cloning").silent("postgresql-primary");
        assertThat(cluster.run("failover.sh", "--yes").output())
                .contains("postgresql-primary is silent, postgresql-standby is cloning", "has no complete copy");
    }

    /** Its claim is gone: its pod is Pending, and stays so. */
    @Test
    void says_what_to_do_about_a_lost_member_that_does_not_join() {
        lost("postgresql-standby", "postgresql-primary", "said True", KNOWN)
                .when("*\"bash -c printf down >/tmp/promote_trigger\"", "note promoted; exit 0")
                .when("*\"scale statefulset postgresql-primary --replicas=1\"", "exit 0")
                .when(
                        "*\"get statefulset postgresql-primary \"*\"-o name\"",
                        "said statefulset.apps/postgresql-primary")
                .when("*replicas*", "said 1");
        Tool.Result result = cluster.run("failover.sh", "--yes", "--timeout", "1");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains(
                        "postgresql-standby is primary; postgresql-primary does not join it within 1 s",
                        "if its volumes are lost, ./rebuild-standby.sh --delete-volumes")
                .doesNotContain("running this again");
        assertThat(cluster.run("failover.sh", "--yes").output())
                .contains(
                        "postgresql-standby is primary and accepts writes: nothing is to be failed over. postgresql-primary is",
                        "./rebuild-standby.sh --delete-volumes");
    }

    /** Scaled to 0 a moment ago, it serves until its pod ends. */
    @ParameterizedTest
    @CsvSource({"primary,is primary and scaled to 0", "stopping,is stopping and scaled to 0"})
    void waits_for_the_end_of_a_primary_that_is_scaled_to_0(String role, String said) {
        stoppingPrimary(role, "is asked && exit 0; note asked; said pod/postgresql-primary-0");
        Tool.Result result = cluster.run("failover.sh", "--timeout", "5");
        assertThat(result.output())
                .contains("postgresql-primary " + said + ": waiting until its pod has ended")
                .contains("1. keep postgresql-primary away", "2. promote postgresql-standby", "no terminal to ask on");
    }

    @Test
    void promotes_nobody_beside_a_primary_that_does_not_end() {
        stoppingPrimary("primary", "said pod/postgresql-primary-0");
        Tool.Result result = cluster.run("failover.sh", "--yes", "--timeout", "1");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("pod postgresql-primary-0 is being stopped and has not ended within 2 s");
        assertThat(cluster.calls()).doesNotContain("scale", "promote_trigger");
    }

    private void stoppingPrimary(String role, String pod) {
        cluster.when(
                        "*\"exec postgresql-primary-0 \"*\" cat /tmp/instance.role\"",
                        "is asked || said " + role + "; failed 'Error from server (NotFound): pods not found'")
                .when("*\"get pod postgresql-primary-0 \"*\"-o name\"", pod)
                .when(
                        "*\"get statefulset postgresql-primary \"*\"-o name\"",
                        "said statefulset.apps/postgresql-primary")
                .when("*\"get statefulset postgresql-primary \"*spec.replicas*", "said 0")
                .when("*\"get statefulset postgresql-primary \"*managedFields*", "said 2026-01-31T10:00:00Z")
                .when("*\"get pod postgresql-primary-0 \"*", "exit 0")
                .role("postgresql-standby", "standby")
                .notes("postgresql-standby", KNOWN);
    }

    /** One member serves as standby, the other one is silent on node-1. */
    private StubCluster lost(String standby, String lost, String node, String notes) {
        return cluster.when(
                        "*\"exec " + standby + "-0 \"*\" cat /tmp/instance.role\"",
                        "is promoted && said primary; said standby")
                .silent(lost)
                .notes(standby, notes)
                .when(
                        "*\"get node node-1 \"*lastTransitionTime*",
                        node.replace("said True", "said True2026-01-31T10:00:00Z"))
                .when("*\"get node node-1 \"*", node);
    }
}
