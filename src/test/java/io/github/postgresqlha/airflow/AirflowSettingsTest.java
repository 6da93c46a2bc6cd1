package io.github.postgresqlha.airflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Airflow does with its file of settings while the database is away. */
class AirflowSettingsTest {

    @TempDir
    private Path folder;

    @Test
    void a_connection_is_asked_for_until_the_database_is_back() {
        ProcessBuilder python = new ProcessBuilder(
                "python3",
                Project.file("src/test/resources/airflow/settings_test.py").toString(),
                folder.toString());
        python.environment()
                .putAll(Map.of(
                        "PYTHONPATH",
                        Project.file("src/main/resources/io/github/postgresqlha/airflow") + ":"
                                + Project.file("src/test/resources/airflow"),
                        "PYTHONDONTWRITEBYTECODE",
                        "1"));
        Tool.Result result = Tool.run(python);
        assertThat(result.output()).isEqualTo("good\n");
    }
}
