package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A new instance whose first data come from a repository, and one that must not begin with an empty database. */
@Tag("long")
class BootstrapFromBackupIT {

    private LocalPair pair;
    private LocalInstance primary;
    private LocalRepository repository;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        primary = pair.primary();
        repository = new LocalRepository(pair);
    }

    @AfterEach
    void stop() {
        repository.close();
        pair.close();
    }

    @Test
    void begins_with_the_database_of_the_repository_and_a_standby_follows_it() {
        fill();
        String system = primary.systemIdentifier();
        loseVolumes();
        pair.setPassword("airflow", "another");
        primary.with("BOOTSTRAP_DIRECTORY", repository.folder().toString())
                .with("BOOTSTRAP_TARGET", "latest")
                .start()
                .awaitRole("primary");
        assertThat(primary.rows()).isEqualTo("a=3 b=4 c=5");
        assertThat(primary.systemIdentifier()).isEqualTo(system);
        assertThat(primary.timeline()).isEqualTo(Timelines.name(17));
        assertThat(primary.state().resolve("had-data")).hasContent(system);
        primary.awaitLog("passwords set: airflow");
        pair.standby().start();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        pair.standby().awaitRows("a=3 b=4 c=5");

        // Only an empty volume is filled from the repository.
        primary.insert(1, "d");
        assertThat(primary.stop()).isZero();
        primary.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        assertThat(primary.rows()).isEqualTo("a=3 b=4 c=5 d=1");
    }

    @Test
    void begins_at_the_time_it_is_told() {
        String time = fill();
        loseVolumes();
        primary.with("BOOTSTRAP_DIRECTORY", repository.folder().toString())
                .with("BOOTSTRAP_TARGET", time)
                .start()
                .awaitRole("primary");
        assertThat(primary.rows()).isEqualTo("a=3 b=4");
    }

    @Test
    void never_makes_an_empty_database_where_the_repository_has_none() {
        primary.with("BOOTSTRAP_DIRECTORY", repository.folder().toString())
                .with("BOOTSTRAP_TARGET", "latest")
                .with("BOOTSTRAP_RETRY_SECONDS", "1")
                .start()
                .awaitLog("there is no base backup");
        assertTriesAgain();
        assertThat(primary.stop()).isZero();
        primary.with("BOOTSTRAP_DIRECTORY", repository.folder() + "/nowhere")
                .start()
                .awaitLog("is no readable folder");
        assertTriesAgain();
    }

    @Test
    void never_makes_an_empty_database_where_the_only_base_backup_is_damaged() {
        fill();
        loseVolumes();
        primary.run("sh", "-c", "echo x >> " + repository.base("postgresql_base_20260101_000001") + "/base.tar.gz");
        primary.with("BOOTSTRAP_DIRECTORY", repository.folder().toString())
                .with("BOOTSTRAP_TARGET", "latest")
                .with("BOOTSTRAP_RETRY_SECONDS", "1")
                .start()
                .awaitLog("its content does not match its checksums: base.tar.gz");
        assertTriesAgain();
    }

    /** Without being told: the volume is empty, and the repository belongs to a database. */
    @Test
    void never_makes_an_empty_database_beside_a_repository_that_is_in_use() {
        fill();
        loseVolumes();
        primary.start().awaitLog("no empty one is made. If another member has the data");
        primary.awaitRole("waiting");
        assertThat(Files.exists(primary.data())).isFalse();
        assertThat(primary.run(pair.local().scripts() + "/instance/probe.sh", "readiness")
                        .status())
                .isEqualTo(1);
        assertThat(primary.run(pair.local().scripts() + "/instance/probe.sh", "liveness")
                        .status())
                .isZero();
    }

    private void assertTriesAgain() {
        int length = primary.log().length();
        primary.await(
                Duration.ofSeconds(20),
                () -> primary.log().substring(length).contains("an empty one is never made instead"),
                "another attempt");
        assertThat(primary.news()).doesNotContain("initialising a new cluster in", "role: primary");
        assertThat(Files.exists(primary.data())).isFalse();
        assertThat(primary.run(pair.local().scripts() + "/instance/probe.sh", "readiness")
                        .status())
                .isEqualTo(1);
    }

    /** A database with a base backup and WAL beyond it; gives a time before the last rows. */
    private String fill() {
        primary.start().awaitRole("primary").createRows().insert(3, "a");
        repository.receive(primary).backUp(primary);
        primary.insert(4, "b");
        String time = primary.sql(
                "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
        repository.switchSegment(primary);
        primary.insert(5, "c");
        repository.awaitArchived(primary);
        return time;
    }

    private void loseVolumes() {
        repository.close();
        assertThat(primary.stop()).isZero();
        primary.run(
                "sh",
                "-c",
                "rm -rf " + primary.data() + " " + primary.state() + " " + primary.environment("WAL_DIRECTORY") + "/*");
    }
}
