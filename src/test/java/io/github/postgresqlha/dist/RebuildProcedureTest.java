package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** rebuild-standby.sh replaces another database than the primary's only where a person names just that. */
class RebuildProcedureTest {

    private static final String SMALL = "said 'system=7000000000000000001\\nbytes=24000000'";
    private static final String LARGE = "said 'system=7000000000000000002\\nbytes=9000000000'";

    @TempDir
    private Path folder;

    private StubCluster cluster;

    @BeforeEach
    void install() {
        cluster = new StubCluster(folder, Examples.standard());
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql-primary,postgresql-standby,--yes",
        "postgresql-primary,postgresql-standby,--delete-volumes",
        "postgresql-standby,postgresql-primary,--yes"
    })
    void refuses_to_replace_another_database(String primary, String standby, String option) {
        Tool.Result result = pair(primary, SMALL, standby, LARGE).run("rebuild-standby.sh", "--yes", option);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains(
                        standby + " holds database system 7000000000000000002 (9000000000 bytes)",
                        primary + ", holds 7000000000000000001 (24000000 bytes)",
                        "First see which of the two holds your rows",
                        "--replace-other-database")
                .doesNotContain("plan");
        assertUntouched();
    }

    @Test
    void replaces_it_where_a_person_says_so() {
        Tool.Result result = pair("postgresql-primary", SMALL, "postgresql-standby", LARGE)
                .run("rebuild-standby.sh", "--replace-other-database");
        assertThat(result.output())
                .contains(
                        "postgresql-standby holds database system 7000000000000000002 (9000000000 bytes)",
                        "its own database is kept as pgdata.abandoned-TIME",
                        "no terminal to ask on");
        assertThat(cluster.run("rebuild-standby.sh", "--replace-other-database", "--delete-volumes")
                        .output())
                .contains("its own database is lost", "no terminal to ask on");
        assertUntouched();
    }

    @ParameterizedTest
    @ValueSource(strings = {SMALL, "exit 0", "said 'system=\\nbytes=12345'"})
    void goes_on_where_the_standby_holds_the_same_or_nothing(String data) {
        assertThat(pair("postgresql-primary", SMALL, "postgresql-standby", data)
                        .run("rebuild-standby.sh")
                        .output())
                .contains(
                        "copy postgresql-primary to postgresql-standby (which is standby); the old data goes when",
                        "no terminal to ask on")
                .doesNotContain("holds database system");
    }

    @Test
    void refuses_where_it_cannot_be_asked() {
        Tool.Result result = pair("postgresql-primary", SMALL, "postgresql-standby", "failed 'i/o timeout'")
                .run("rebuild-standby.sh", "--yes", "--delete-volumes");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("it cannot be seen which database system postgresql-standby holds");
        assertUntouched();
    }

    /** Its container ends each time, as Patroni's does there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CRITICAL: system ID mismatch, node postgresql-standby-0 belongs to a different cluster: 7000000000000000001 != 7000000000000000002",
                "ERROR postgresql-primary holds another database system: 7000000000000000001; nothing is copied over"
            })
    void reads_the_log_of_a_member_that_does_not_run(String line) {
        cluster.when("*\"exec postgresql-primary-0 \"*pg_controldata*", SMALL)
                .role("postgresql-primary", "primary")
                .silent("postgresql-standby")
                .when("*\"logs postgresql-standby-0 \"*", "said '" + line + "'");
        Tool.Result result = cluster.run("rebuild-standby.sh", "--yes", "--delete-volumes");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains(line, "First see which of the two holds your rows", "--replace-other-database");
        assertUntouched();
    }

    @Test
    void says_that_it_cannot_see_what_a_member_holds_that_does_not_run() {
        cluster.when("*\"exec postgresql-primary-0 \"*pg_controldata*", SMALL)
                .role("postgresql-primary", "primary")
                .silent("postgresql-standby")
                .when("*\"logs postgresql-standby-0 \"*", "exit 0");
        assertThat(cluster.run("rebuild-standby.sh", "--delete-volumes").output())
                .contains("its container does not run: what its volumes hold cannot be seen", "no terminal to ask on");
    }

    /** As where a file is gone without which no database starts: the request is never taken, and nothing else says what helps. */
    @Test
    void says_where_to_look_when_no_copy_comes() {
        Tool.Result result = pair("postgresql-primary", SMALL, "postgresql-standby", SMALL)
                .when("*\"exec postgresql-standby-0 \"*\"touch /tmp/rebuild_request\"", "exit 0")
                .when("*\"exec postgresql-standby-0 \"*\"stat -c\"*", "said 4711")
                .run("rebuild-standby.sh", "--yes", "--timeout", "1");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("no copy is in place at postgresql-standby after 1 s. Its log says", "--delete-volumes");
    }

    private StubCluster pair(String primary, String itsData, String standby, String otherData) {
        return cluster.when("*\"exec " + primary + "-0 \"*pg_controldata*", itsData)
                .when("*\"exec " + standby + "-0 \"*pg_controldata*", otherData)
                .role(primary, "primary")
                .role(standby, "standby");
    }

    private void assertUntouched() {
        assertThat(cluster.calls()).doesNotContain("scale", "delete pvc", "rebuild_request");
    }
}
