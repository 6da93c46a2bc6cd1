package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A maintainer brings Airflow's tables to another release, and may not look at Secrets. */
class MigrationRightsTest {

    @TempDir
    private Path folder;

    @Test
    void a_secret_that_may_not_be_looked_at_is_not_taken_for_missing() {
        Tool.Result result = migrating(
                "failed 'Error from server (Forbidden): secrets \"postgresql-airflow\" is forbidden: User cannot get it'");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("restore point before_airflow_");
    }

    @Test
    void one_that_is_missing_is_named() {
        Tool.Result result =
                migrating("failed 'Error from server (NotFound): secrets \"postgresql-airflow\" not found'");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("Secret postgresql-airflow is not there: ./deploy-postgresql.sh --secrets-only makes it");
    }

    private Tool.Result migrating(String secret) {
        return new StubCluster(folder, Examples.standard())
                .role("postgresql-primary", "primary")
                .when("*\"cat /tmp/instance.role\"", "said standby")
                .when("*\"get cronjob \"*", "said cronjob.batch/postgresql-airflow-migrate")
                .when("*\"get statefulset \"*", "said statefulset.apps/x")
                .when("*\"get secret \"*", secret)
                .run("migrate-airflow.sh", "--dry-run");
    }
}
