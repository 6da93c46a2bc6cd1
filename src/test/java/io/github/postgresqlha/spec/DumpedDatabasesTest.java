package io.github.postgresqlha.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DumpedDatabasesTest {

    @Test
    void are_none_by_default_all_or_those_that_are_named() {
        assertThat(BackupScheduleSpec.builder().build().databases()).isEmpty();
        assertThat(spec("all").databases()).containsExactly("all");
        assertThat(spec("reports", "team-x", "postgres", "_").databases()).hasSize(4);
    }

    @Test
    void must_have_names_that_a_file_can_have() {
        for (String name : new String[] {"", "x y", "../x", "Reports", "1st", "-rf", "a,b", "a\nb", "x".repeat(64)}) {
            assertThatThrownBy(() -> spec("reports", name))
                    .hasMessageContaining(
                            "databases[1]: must be 1 to 63 of a-z, 0-9, _ and - and not begin with a digit")
                    .hasMessageContaining("got '" + name.replace("\n", "\\u000a") + "'")
                    .hasMessageContaining("rename the database or leave it out");
        }
    }

    @Test
    void are_named_once_and_are_no_templates() {
        assertThatThrownBy(() -> spec("reports", "template1", "reports", "all"))
                .hasMessageContaining("databases[1]: is a template of PostgreSQL's, got 'template1'; leave it out")
                .hasMessageContaining("databases[2]: is named twice, got 'reports'; name it once")
                .hasMessageContaining("databases[3]: stands for every database, got it among [reports, ");
    }

    private static BackupScheduleSpec spec(String... databases) {
        return BackupScheduleSpec.builder().addAllDatabases(List.of(databases)).build();
    }
}
