package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A backup volume or a data volume without room: what is there stays, the reason is named, and with room it works. */
@Tag("long")
class FullVolumeIT {

    private static final String EARLIER = "postgresql_backup_20260101_020000.sql.gz";
    private static final String NOISE =
            "CREATE TABLE noise AS SELECT md5(random()::text) AS line FROM generate_series(1, 300000)";

    private LocalPair pair;
    private LocalInstance primary;

    @BeforeEach
    void create() {
        pair = new LocalPair();
        primary = pair.primary();
    }

    @AfterEach
    void stop() {
        pair.close();
    }

    @Test
    void dumps_and_base_backups_need_room_on_the_backup_volume() {
        Path small = pair.local().makeFolder("small");
        try (SmallVolume volume = SmallVolume.mount(small, 150)) {
            primary.start().awaitRole("primary").sql("airflow", "airflow", NOISE);
            volume.fill(1);
            refused(run(small, "backup.sh"), "not enough room: about [0-9]+ bytes needed, [0-9]+ free in " + small);
            refused(run(small, "base-backup.sh"), "not enough room: about [0-9]+ bytes needed for a base backup");
            assertThat(list(small)).containsExactly(".backup.lock", ".reading", "ballast", "base");
            assertThat(list(small.resolve("base"))).containsExactly(".lock");

            // Small earlier ones promise that there is room enough: it ends in the middle.
            shell("cd " + small + " && echo '-- PostgreSQL database dump complete' | gzip >" + EARLIER
                    + " && sha256sum " + EARLIER + " >" + EARLIER + ".sha256");
            String earlier = "postgresql_base_20260101_030000";
            shell("mkdir " + small + "/base/" + earlier + " && printf 'COMPRESSED_BYTES=9\\nPLAIN_BYTES=9\\n' >" + small
                    + "/base/" + earlier + "/base.env");
            volume.fill(2);
            refused(run(small, "backup.sh"), "the dump is not complete and was not kept; earlier dumps are untouched");
            refused(
                    run(small, "base-backup.sh"),
                    "copying 127.0.0.1 failed, nothing was kept: .*No space left on device");
            assertThat(list(small))
                    .containsExactly(".backup.lock", ".reading", "ballast", "base", EARLIER, EARLIER + ".sha256");
            assertThat(list(small.resolve("base"))).containsExactly(".lock", earlier);
            volume.drain();
            shell("rm " + small + "/" + EARLIER + "*");
            // What is past the retention makes room before a backup gives up.
            for (int day = 1; day <= 5; day++) {
                String old = "postgresql_backup_2001010" + day + "_020000.sql.gz";
                shell("cd " + small
                        + " && { head -c 25000000 /dev/urandom | base64 -w 70 | sed 's/^/-- /' && echo '-- PostgreSQL database dump complete'; } | gzip -1 >"
                        + old + " && sha256sum " + old + " >" + old + ".sha256");
            }
            assertThat(run(small, "backup.sh").output()).contains("retention runs first", "backup complete");
            shell("rm -r " + small + "/base/" + earlier);
            Tool.Result verified =
                    primary.script(Map.of("BACKUP_DIRECTORY", small.toString()), "verify-backup.sh", "--all");
            assertThat(verified.status()).as(verified.output()).isZero();
        }
    }

    @Test
    void a_restore_needs_room_on_the_data_volume() {
        Path data = pair.local().folder().resolve("postgresql-primary/data");
        try (SmallVolume volume = SmallVolume.mount(data, 260)) {
            primary.start().awaitRole("primary").createRows().insert(2, "a");
            primary.sql("airflow", "airflow", NOISE);
            try (LocalRepository repository = new LocalRepository(pair).receive(primary)) {
                repository.backUp(primary);
                assertThat(run(repository.folder(), "backup.sh").status()).isZero();
                String dump = shell("cd " + repository.folder() + " && ls *.sql.gz")
                        .output()
                        .strip();
                primary.insert(2, "b");
                repository.awaitArchived(primary);
                primary.sql("CHECKPOINT");
                long postmaster = primary.postmaster();
                volume.fill(14);
                primary.await(
                        Duration.ofSeconds(60),
                        () -> primary.sql("SELECT postgresql_ha.instance_state()")
                                .matches("(?s).*data_free_bytes=1?[0-9]{7}\\n.*"),
                        "the figures");
                refused(
                        primary.script("restore.sh", dump),
                        "the data volume of 127.0.0.1 has [0-9]+ bytes free, about [0-9]+ are needed. Nothing was touched");
                refused(
                        primary.script(Map.of(), "restore-pitr.sh", "--latest", "--yes"),
                        "not enough room for a second copy: [0-9]+ bytes needed in " + data);
                assertThat(primary.postmaster()).isEqualTo(postmaster);
                assertThat(primary.rows()).isEqualTo("a=2 b=2");
                assertThat(primary.sql("SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database"))
                        .isEqualTo("airflow postgres template0 template1");
                assertThat(list(data)).containsExactlyInAnyOrder("ballast", "pgdata", "state");
                volume.drain();
                Tool.Result restored = primary.script("restore.sh", dump);
                assertThat(restored.status()).as(restored.output()).isZero();
                assertThat(primary.rows()).isEqualTo("a=2");
            }
            primary.stop();
        }
    }

    private Tool.Result run(Path folder, String script) {
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.putAll(Map.of("PGDATABASE", "airflow", "BACKUP_RETENTION_DAYS", "7000", "BACKUP_RETENTION_MINIMUM", "3"));
        if (script.equals("base-backup.sh")) {
            job.putAll(Map.of("BASE_BACKUP_KEEP", "2", "ARCHIVE_WAIT_SECONDS", "2"));
        }
        job.put("BACKUP_DIRECTORY", folder.toString());
        return primary.script(job, script);
    }

    private static void refused(Tool.Result result, String reason) {
        assertThat(result.output()).containsPattern("(?s)" + reason);
        assertThat(result.status()).as(result.output()).isEqualTo(1);
    }

    private List<String> list(Path folder) {
        return shell("LC_ALL=C ls -A " + folder).output().lines().toList();
    }

    private Tool.Result shell(String command) {
        Tool.Result result = primary.run("bash", "-euc", command);
        assertThat(result.status()).as(result.output()).isZero();
        return result;
    }
}
