package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.spec.PoolerSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A deployment waits for the pooler as it does for the members. */
class PoolerProcedureTest {

    private static final PostgresqlHaSpec POOLED = PostgresqlHaSpec.builder()
            .pooler(PoolerSpec.builder().enabled(true).build())
            .build();
    private static final String ROLLOUT = "rollout status deployment/postgresql-pooler --timeout=600s";
    private static final String LEADS =
            "exec deployment/postgresql-pooler -c follower -- /scripts/pooler/follow.sh leads";

    @TempDir
    private Path folder;

    @Test
    void a_deployment_waits_for_it_when_the_members_serve() {
        StubCluster cluster = serving(POOLED)
                .when("*\"rollout status \"*", "said 'successfully rolled out'")
                .when("*\"" + LEADS + "\"*", "is refused-once || { note refused-once; failed 'no'; }; exit 0");
        Tool.Result result = cluster.run("deploy-postgresql.sh");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("postgresql-pooler ready, and leads to the primary");
        assertThat(cluster.calls()).containsSubsequence("updateRevision", ROLLOUT, LEADS, LEADS);
    }

    @Test
    void one_that_no_member_lets_in_fails_it() {
        StubCluster cluster = serving(POOLED)
                .when("*\"rollout status \"*", "said 'successfully rolled out'")
                .when("*\"" + LEADS + "\"*", "failed 'command terminated with exit code 1'");
        Tool.Result result = cluster.run("deploy-postgresql.sh", "--timeout", "3");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("the pooler is late: no member has let it in after 3 s");
    }

    @Test
    void one_that_does_not_get_ready_fails_it_and_says_where_to_look() {
        StubCluster cluster = serving(POOLED).when("*\"rollout status \"*", "failed 'error: timed out'");
        Tool.Result result = cluster.run("deploy-postgresql.sh", "--timeout", "7");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("the pooler is late: it is not ready after 7 s; the members serve")
                .contains("kubectl logs -n airflow deployment/postgresql-pooler --all-containers");
    }

    @Test
    void where_there_is_none_nobody_waits() {
        StubCluster cluster = serving(Examples.standard());
        assertThat(cluster.run("deploy-postgresql.sh").status()).isZero();
        assertThat(cluster.calls()).doesNotContain("rollout");
    }

    private StubCluster serving(PostgresqlHaSpec spec) {
        return new StubCluster(folder, spec)
                .role("postgresql-primary", "primary")
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
    }
}
