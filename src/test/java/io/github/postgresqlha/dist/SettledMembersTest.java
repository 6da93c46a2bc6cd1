package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What failover.sh does with two members in recovery that wait for each other. */
class SettledMembersTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "3 0/5000100, 3 0/5000000, postgresql-primary, postgresql-standby",
        "3 0/5000100, 3 1/5000000, postgresql-standby, postgresql-primary",
        "3 0/5000100, 5 0/4000000, postgresql-standby, postgresql-primary",
        "3 0/5000100, 3 0/5000100, postgresql-primary, postgresql-standby"
    })
    void promotes_the_one_that_goes_further(String primaryAt, String standbyAt, String promoted, String keptAway) {
        StubCluster cluster = waiting(primaryAt, standbyAt)
                .when("*\"scale statefulset " + keptAway + " --replicas=0\"", "note away; exit 0")
                .when("*\"get pod " + keptAway + "-0 \"*\"-o name\"", "is away && exit 0; said pod/x")
                .when(
                        "*\"exec " + promoted + "-0 \"*promote_trigger*",
                        "note promoted; note promoted-" + promoted + "; exit 0")
                .when("*\"scale statefulset " + keptAway + " --replicas=1\"", "note back; exit 0")
                .when("*pg_stat_replication*", "said 1");
        Tool.Result result = cluster.run("failover.sh", "--yes", "--timeout", "1");
        assertThat(result.output())
                .contains(
                        "postgresql-primary is undecided, postgresql-standby is standby: waiting whether they settle it",
                        "keep " + keptAway + " away (scale to 0)",
                        promoted + " is primary, " + keptAway + " is its standby");
        assertThat(result.status()).isZero();
        assertThat(cluster.calls().lines().filter(call -> call.contains("scale ") || call.contains("promote_trigger")))
                .satisfiesExactly(
                        call -> assertThat(call).contains("scale statefulset " + keptAway + " --replicas=0"),
                        call -> assertThat(call).contains("exec " + promoted + "-0", "printf down"),
                        call -> assertThat(call).contains("scale statefulset " + keptAway + " --replicas=1"));
    }

    @Test
    void leaves_members_alone_that_settle_it_themselves() {
        StubCluster cluster = new StubCluster(folder, Examples.standard())
                .when(
                        "*\"exec postgresql-primary-0 \"*\"cat /tmp/instance.role\"",
                        "is second && said primary; is first && note second; note first; said undecided")
                .role("postgresql-standby", "standby");
        Tool.Result result = cluster.run("failover.sh", "--yes", "--timeout", "5");
        assertThat(result.output()).contains("they did: postgresql-primary is primary, postgresql-standby is standby");
        assertThat(result.status()).isZero();
        assertThat(cluster.calls()).doesNotContain("scale ", "promote_trigger");
    }

    @Test
    void chooses_neither_of_two_database_systems() {
        StubCluster cluster = new StubCluster(folder, Examples.standard())
                .when("*\"exec postgresql-standby-0 \"*IDENTIFY_SYSTEM*", "said '7000000000000000002 3 0/5000100 '");
        assertPromotesNobody(members(cluster, "3 0/5000100", "3 0/5000100"), "hold different database systems");
    }

    @Test
    void chooses_neither_where_one_does_not_say_how_far_it_goes() {
        StubCluster cluster = new StubCluster(folder, Examples.standard())
                .when(
                        "*\"exec postgresql-standby-0 \"*IDENTIFY_SYSTEM*",
                        "failed 'the database system is starting up'");
        assertPromotesNobody(
                members(cluster, "3 0/5000100", "3 0/5000100"), "postgresql-standby does not say where its WAL ends");
    }

    /** As where a replay is paused, or takes long: its position is not the end of its WAL. */
    @ParameterizedTest
    @ValueSource(strings = {"postgresql-primary", "postgresql-standby"})
    void chooses_neither_while_one_still_replays(String member) {
        StubCluster cluster = new StubCluster(folder, Examples.standard())
                .when("*\"exec " + member + "-0 \"*RecoveryWalStream*", "said 0");
        assertPromotesNobody(
                members(cluster, "3 0/5000100", "3 0/5000000"), member + " has not replayed all that it has");
    }

    /** While a person reads the plan. */
    @Test
    void promotes_nobody_whose_place_has_changed_since_it_was_shown() {
        StubCluster cluster = new StubCluster(folder, Examples.standard())
                .when(
                        "*\"exec postgresql-standby-0 \"*IDENTIFY_SYSTEM*",
                        "is moved && said '7000000000000000001 3 0/9000000 '; note moved; said '7000000000000000001 3 0/4000000 '");
        assertPromotesNobody(members(cluster, "3 0/5000100", ""), "what the members have has changed meanwhile");
    }

    private static void assertPromotesNobody(StubCluster cluster, String reason) {
        Tool.Result result = cluster.run("failover.sh", "--yes", "--timeout", "1");
        assertThat(result.output()).contains(reason);
        assertThat(result.status()).isEqualTo(1);
        assertThat(cluster.calls()).doesNotContain("scale ", "promote_trigger");
    }

    private StubCluster waiting(String primaryAt, String standbyAt) {
        return members(new StubCluster(folder, Examples.standard()), primaryAt, standbyAt);
    }

    /** As after an exchange of the Secret: none can ask the other one. */
    private static StubCluster members(StubCluster cluster, String primaryAt, String standbyAt) {
        return cluster.when("*\"exec postgresql-primary-0 \"*\"cat /tmp/instance.role\"", role("primary", "undecided"))
                .when("*\"exec postgresql-standby-0 \"*\"cat /tmp/instance.role\"", role("standby", "standby"))
                .when("*RecoveryWalStream*", "said 1")
                .when(
                        "*\"exec postgresql-primary-0 \"*IDENTIFY_SYSTEM*",
                        "said '7000000000000000001 " + primaryAt + " '")
                .when(
                        "*\"exec postgresql-standby-0 \"*IDENTIFY_SYSTEM*",
                        "said '7000000000000000001 " + standbyAt + " '");
    }

    private static String role(String member, String word) {
        return "is promoted-postgresql-" + member + " && said primary; is promoted && said standby; said " + word;
    }
}
