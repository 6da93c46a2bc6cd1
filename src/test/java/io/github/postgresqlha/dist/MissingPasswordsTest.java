package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import org.junit.jupiter.api.Test;

/** Passwords that others bring are never made by the deploy script, which names what is missing. */
class MissingPasswordsTest {

    private static final String DRIVER = """
            cd "$1"
            source lib/kubectl.sh
            source lib/deploy.sh
            k() {
              case "$*" in
                'get secret company '*) echo 'airflow-password monitor-password ' ;;
                patch*) echo "patched: $*" ;;
              esac
            }
            NAMESPACE=airflow SECRET_NAME=company dry_run=
            SECRET_KEYS="$2" SECRET_SOURCES="$3"
            create_passwords
            """;

    @Test
    void names_the_keys_that_other_people_s_secrets_lack() {
        assertThat(said("", "company/airflow-password:company/backup-password:other/monitor-password"))
                .contains("missing, as SECRET/KEY: company/backup-password other/monitor-password")
                .doesNotContain("patched");
        assertThat(said("", "company/airflow-password:company/monitor-password"))
                .isEqualTo("  passwords that others bring are there\n");
    }

    @Test
    void makes_none_where_vault_writes_them() {
        assertThat(said("", "")).isEqualTo("  passwords come from Vault's agent in the pods\n");
    }

    private static String said(String keys, String sources) {
        Tool.Result result = Tool.run(new ProcessBuilder(
                "bash",
                "-Eeuo",
                "pipefail",
                "-c",
                DRIVER,
                "driver",
                Project.file("src/main/resources/io/github/postgresqlha/dist").toString(),
                keys,
                sources));
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }
}
