package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.RestoreTestSpec;
import io.github.postgresqlha.testing.Examples;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    @Test
    void speaks_of_a_copy_outside_only_where_there_is_one() {
        assertThat(readme(Examples.offsite()))
                .contains("--from=cronjob/postgresql-offsite manual-offsite", "--from=cronjob/postgresql-offsite-fetch")
                .contains("--from offsite", "what was written since the last copy outside")
                .doesNotContain("All backups are in this cluster");
        assertThat(readme(Examples.standard()))
                .contains("All backups are in this cluster")
                .doesNotContain("postgresql-offsite", "--from offsite");
    }

    @Test
    void speaks_of_the_restore_test_only_where_it_runs() {
        PostgresqlHaSpec without = PostgresqlHaSpec.builder()
                .backup(BackupScheduleSpec.builder()
                        .restoreTest(RestoreTestSpec.builder().enabled(false).build())
                        .build())
                .build();
        assertThat(readme(Examples.standard())).contains("### Restore test", "manual-restore-test");
        assertThat(readme(without)).doesNotContain("### Restore test", "manual-restore-test");
    }

    @Test
    void names_the_standby_to_rebuild_where_there_is_more_than_one() {
        assertThat(readme(Examples.automatic()))
                .contains(
                        "./rebuild-standby.sh --yes --member=postgresql-standby\n",
                        "--delete-volumes --member=postgresql-standby`")
                .doesNotContain("./rebuild-standby.sh --yes\n", "--delete-volumes`");
        assertThat(readme(Examples.standard()))
                .contains("./rebuild-standby.sh --yes\n")
                .doesNotContain("--member=");
    }

    private static String readme(PostgresqlHaSpec spec) {
        return DistFiles.of(Installation.of(spec), Map.of()).stream()
                .filter(file -> file.path().equals("README-postgresql.md"))
                .map(DistFile::content)
                .findFirst()
                .orElseThrow();
    }
}
