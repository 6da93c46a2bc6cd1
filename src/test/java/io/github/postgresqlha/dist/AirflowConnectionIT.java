package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Secret of Airflow's connection, as the deploy script makes it and the rotation renews it. */
class AirflowConnectionIT {

    private static final String SECRET = "secret/postgresql-airflow/";
    private static final String PASSWORD = "secret/postgresql-secret/airflow-password";

    @TempDir
    private Path folder;

    @Test
    void holds_the_password_of_the_owner_percent_encoded() {
        RotationCluster cluster = new RotationCluster(folder, Examples.standard());
        cluster.write(PASSWORD, " p@ss/w:rd%+#?&='\"\\$`ü{}|漢");
        Tool.Result result = cluster.run("deploy-postgresql.sh", "--secrets-only");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("Airflow's connection written: Secret postgresql-airflow in namespace airflow")
                .doesNotContain("p@ss", "p%40ss");
        assertThat(cluster.read(SECRET + "connection"))
                .startsWith("postgresql+psycopg2://airflow:"
                        + "%20p%40ss%2Fw%3Ard%25%2B%23%3F%26%3D%27%22%5C%24%60%C3%BC%7B%7D%7C%E6%BC%A2"
                        + "@/airflow?host=postgresql-primary.airflow.svc:5432&host=");
        assertThat(cluster.read(SECRET + "connection-async")).startsWith("postgresql+asyncpg://airflow:%20p%40");
        assertThat(cluster.read(SECRET + "reporting")).contains("target_session_attrs=prefer-standby");
        assertThat(cluster.read(SECRET + "password")).isEqualTo(cluster.read(PASSWORD));
        assertThat(cluster.run("deploy-postgresql.sh", "--secrets-only").output())
                .contains("Airflow's connection is there");
    }

    @Test
    void refuses_a_password_of_two_lines_by_its_key() {
        RotationCluster cluster = new RotationCluster(folder, Examples.standard());
        cluster.write(PASSWORD, "one\ntwo");
        Tool.Result result = cluster.run("deploy-postgresql.sh", "--secrets-only");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains(
                        "Secret postgresql-secret: key airflow-password holds a line break; give it another password");
        assertThat(cluster.read(SECRET + "connection")).isEmpty();
    }

    @Test
    void follows_a_rotation() {
        RotationCluster cluster = new RotationCluster(folder, Examples.standard()).installed();
        String before = cluster.read(SECRET + "connection");
        Tool.Result result = cluster.run("rotate-passwords.sh", "--role", "airflow", "--yes", "--timeout", "20");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("Airflow: Secret postgresql-airflow has the new connection");
        assertThat(cluster.read(SECRET + "connection"))
                .isNotEqualTo(before)
                .contains("airflow:" + cluster.read(PASSWORD) + "@/airflow");
    }
}
