package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What reads backups, run in the member that does not mount them. */
class UnmountedBackupsTest {

    private static final String HOSTS = "postgresql-primary-0.postgresql-peers,postgresql-standby-0.postgresql-peers";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "restore.sh postgresql_backup_20240101_020000.sql.gz",
                "restore-pitr.sh --list",
                "verify-backup.sh --all"
            })
    void names_the_pod_that_mounts_them(String command) {
        Tool.Result result = run(command, "INSTANCE_NAME", "postgresql-standby", "MEMBER_HOSTS", HOSTS);
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.output())
                .contains("this member does not mount the backups; run it in postgresql-primary-0, which does: "
                        + "kubectl exec -n NAMESPACE postgresql-primary-0 -- /scripts/"
                        + command.replaceFirst(" .*", ""))
                .doesNotContain("BACKUP_DIRECTORY");
        assertThat(run(
                                command,
                                "INSTANCE_NAME",
                                "postgresql-standby",
                                "MEMBER_HOSTS",
                                HOSTS,
                                "POD_NAMESPACE",
                                "airflow")
                        .output())
                .contains("kubectl exec -n airflow postgresql-primary-0");
    }

    @ParameterizedTest
    @CsvSource({"INSTANCE_NAME,'',MEMBER_HOSTS,a-0.b", "INSTANCE_NAME,a,MEMBER_HOSTS,$(id).b"})
    void says_what_the_environment_lacks_elsewhere(String name, String value, String other, String hosts) {
        Tool.Result result = run("verify-backup.sh", name, value, other, hosts);
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.output()).contains("environment: not set: BACKUP_DIRECTORY");
    }

    private static Tool.Result run(String command, String... variables) {
        ProcessBuilder bash = new ProcessBuilder("bash", "-c", "./" + command);
        Map<String, String> environment = bash.environment();
        environment.remove("BACKUP_DIRECTORY");
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return Tool.run(bash, Project.file("src/main/resources/io/github/postgresqlha/script"));
    }
}
