package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.postgresql.RecoveryDelay;
import io.github.postgresqlha.spec.ConfigurationSpec;
import io.github.postgresqlha.spec.Failover;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.StandbyDatabaseSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** failover.sh and switchover.sh with Patroni and three members, before a kubectl that answers as a test says. */
class AutomaticProceduresTest {

    @TempDir
    private Path folder;

    private StubCluster cluster;

    @BeforeEach
    void install() {
        cluster = new StubCluster(folder, Examples.automatic());
    }

    @Test
    void proposes_the_newest_timeline_and_on_it_the_most_wal() {
        twoStandbys("3 0/6000000", "4 0/5000100")
                .when("*optime*", "said 83886336") // 0/5000100
                .when(
                        "*history*",
                        "said '[[3,83886080,\"no recovery target specified\",\"2026-01-31T10:00:00+00:00\"]]'");
        assertThat(cluster.run("failover.sh").output())
                .contains(
                        "postgresql-standby-2 lacks 0 bytes",
                        "have Patroni promote postgresql-standby-2",
                        "no terminal");
    }

    @Test
    void says_unknown_where_the_lost_primary_left_no_position() {
        twoStandbys("3 0/5000100", "3 0/5000000").when("*optime*", "exit 0").when("*history*", "exit 0");
        Tool.Result refused = cluster.run("failover.sh", "--yes", "--accept-data-loss=1000000000");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output())
                .contains("the lost primary left no position in ConfigMap", "--accept-data-loss=unknown");
        assertThat(cluster.calls()).doesNotContain("promote_trigger");
    }

    @Test
    void says_unknown_for_a_standby_on_a_timeline_that_ended() {
        twoStandbys("3 0/6000000", "3 0/5000100")
                .when("*optime*", "said 83886336")
                .when("*history*", "said '[[2,50331648,\"r\"],[3,83886080,\"r\"]]'");
        assertThat(cluster.run("failover.sh", "--yes").output())
                .contains("is on timeline 3, which ended", "--accept-data-loss=unknown");
    }

    @Test
    void names_the_bytes_that_are_known_to_be_missing() {
        twoStandbys("3 0/5000000", "3 0/4000000")
                .when("*optime*", "said 83886336")
                .when("*history*", "exit 0");
        assertThat(cluster.run("failover.sh", "--yes").output())
                .contains(
                        "postgresql-standby lacks 256 bytes of WAL that the lost primary had",
                        "--accept-data-loss=256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql-primary", "postgresql-standby", "postgresql-standby-2"})
    void hands_over_from_any_member_to_one_that_streams(String primary) {
        cluster.role(primary, "primary")
                .when("*\"cat /tmp/instance.role\"", "said standby")
                .when("*pg_stat_replication*\"'postgresql-standby-2-0'\"*", "said 1")
                .when("*pg_stat_replication*\"'postgresql-primary-0'\"*", "said 1")
                .when("*pg_stat_replication*", "said 0");
        String candidate = primary.equals("postgresql-primary") ? "postgresql-standby-2" : "postgresql-primary";
        assertThat(cluster.run("switchover.sh").output())
                .contains("have Patroni stop " + primary + " and promote " + candidate);
        assertThat(cluster.run("switchover.sh", "--candidate=postgresql-3").output())
                .contains("'postgresql-3' is not a member");
    }

    /** The last standby applies WAL late. */
    @ParameterizedTest
    @ValueSource(strings = {"switchover.sh", "failover.sh"})
    void refuses_a_candidate_that_never_becomes_primary(String program) {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .image("registry.example/postgresql-patroni:17")
                .failover(Failover.AUTOMATIC)
                .configuration(ConfigurationSpec.builder().maxWalSenders(5).build())
                .standby(StandbyDatabaseSpec.builder()
                        .count(2)
                        .applyDelay(new RecoveryDelay("1h"))
                        .build())
                .build();
        cluster = new StubCluster(folder.resolve("delayed"), spec);
        Tool.Result refused = cluster.run(program, "--candidate=postgresql-standby-2", "--accept-data-loss=0");
        assertThat(refused.output()).contains("postgresql-standby-2 never becomes primary");
        assertThat(refused.status()).isEqualTo(64);
    }

    /** No member is primary, two serve as standbys; each by "TIMELINE LSN". */
    private StubCluster twoStandbys(String first, String second) {
        return cluster.when(
                        "*\"exec postgresql-primary-0 \"*",
                        "failed 'Error from server (NotFound): pods \"postgresql-primary-0\" not found'")
                .when("*\"get pod \"*", "exit 0")
                .when("*\"get statefulset \"*\"-o name\"", "said statefulset.apps/postgresql-primary")
                .role("postgresql-standby", "standby")
                .role("postgresql-standby-2", "standby")
                .when("*\"exec postgresql-standby-0 \"*IDENTIFY_SYSTEM*", "said '7000000000000000001 " + first + " '")
                .when(
                        "*\"exec postgresql-standby-2-0 \"*IDENTIFY_SYSTEM*",
                        "said '7000000000000000001 " + second + " '");
    }
}
