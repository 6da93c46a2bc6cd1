package io.github.postgresqlha.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.PostgresqlHaChart;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.InstanceStorageSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.PrimaryDatabaseSpec;
import io.github.postgresqlha.spec.StandbyDatabaseSpec;
import io.github.postgresqlha.spec.StorageSpec;
import io.github.postgresqlha.testing.Project;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cdk8s.App;
import org.cdk8s.AppProps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example, compiled and run. */
class ReadmeExampleIT {

    @TempDir
    private Path folder;

    @Test
    void synthesizes() {
        App app = new App(AppProps.builder().outdir(folder.toString()).build());
        // region: the README shows this
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .name("metadata")
                .primary(PrimaryDatabaseSpec.builder()
                        .storage(InstanceStorageSpec.builder()
                                .data(StorageSpec.of("200Gi"))
                                .build())
                        .build())
                .standby(StandbyDatabaseSpec.builder().enabled(false).build())
                .backup(BackupScheduleSpec.builder().retentionDays(14).build())
                .build();
        new PostgresqlHaChart(app, "metadata", spec);
        app.synth();
        // endregion
        assertThat(Project.read(folder.resolve("metadata.k8s.yaml")))
                .contains("name: data-metadata-primary", "storage: 200Gi")
                .doesNotContain("metadata-standby");
    }

    @Test
    void is_the_one_in_the_readme() {
        String source =
                Project.read(Project.file("src/test/java/io/github/postgresqlha/documentation/ReadmeExampleIT.java"));
        Matcher readme = Pattern.compile("(?s)```java\n(.*?)```").matcher(Project.read(Project.file("README.md")));
        assertThat(readme.find()).isTrue();
        List<String> shown = readme.group(1).lines().map(String::strip).toList();
        assertThat(shown).hasSizeLessThanOrEqualTo(15);
        assertThat(source.lines().map(String::strip).toList()).containsSubsequence(shown.subList(1, shown.size()));
    }
}
