package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The restore test, on real dumps, base backups and WAL, good ones and spoilt ones. */
class RestoreTestIT {

    private static final String DUMP = "postgresql_backup_20260102_020000.sql.gz";
    private static final String BASE = "postgresql_base_20260101_030000";

    private static SourceRepository source;
    private static Path pristine;
    private static List<String> segments;

    private Path backups = Path.of("");

    @BeforeAll
    static void fill() {
        source = new SourceRepository();
        source.sql("""
                CREATE TABLE runs AS SELECT i AS id, repeat('state', 20) AS state FROM generate_series(1, 3000) AS i;
                CREATE TABLE "Mixed 'Case" AS SELECT 1 AS one;
                CREATE TABLE fragile AS SELECT i AS id FROM generate_series(1, 3000) AS i;
                CREATE INDEX fragile_id ON fragile (id);
                ALTER TABLE runs OWNER TO airflow;
                GRANT SELECT ON runs TO reader;
                CREATE SCHEMA reports; CREATE TABLE reports.daily AS SELECT 1 AS id""");
        source.base("20260101_030000");
        source.archive();
        source.sql("INSERT INTO runs SELECT 1, 'after the base backup' FROM generate_series(1, 500)");
        source.archive();
        source.dump("20260102_020000");
        source.sql("INSERT INTO runs SELECT 2, 'after the dump' FROM generate_series(1, 250)");
        source.archive();
        source.sql("INSERT INTO runs VALUES (3, 'in the segment that was never finished')");
        source.archive();
        source.sql("INSERT INTO runs VALUES (4, 'the last one')");
        source.receive();
        pristine = source.copy("pristine");
        segments = Project.filesBelow(pristine.resolve("wal")).stream()
                .map(Path::toString)
                .filter(name -> name.matches("[0-9A-F]{24}\\.gz"))
                .toList();
    }

    @AfterAll
    static void close() {
        source.close();
    }

    @BeforeEach
    void spoilable(TestInfo test) {
        backups = source.local()
                .folder()
                .resolve(test.getTestMethod().orElseThrow().getName());
        source.bash("cp -r " + pristine + " " + backups);
    }

    @Test
    void proves_dump_base_backup_and_wal() {
        Tool.Result result = test(Map.of(
                "RESTORE_CHECKS", "SELECT count(*) > 1000 FROM runs\nSELECT EXISTS (SELECT FROM \"Mixed 'Case\")\n"));
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(record())
                .containsEntry("RESULT", "good")
                .containsEntry("REASON", "")
                .containsEntry("DUMP", DUMP)
                .containsEntry("BASE", BASE)
                .containsEntry("CHECKS", "2")
                .containsEntry("TIMELINE", "1")
                .hasEntrySatisfying("LAST_COMMIT", time -> assertThat(time).startsWith("20"))
                .hasEntrySatisfying(
                        "BASE_SECONDS", seconds -> assertThat(seconds).matches("[0-9]+"));
        assertThat(record().get("LAST_GOOD")).isEqualTo(record().get("WHEN"));
        assertThat(Project.read(backups.resolve("proof/restore-test-rows.tsv")))
                .contains("dump\tairflow\tpublic.runs\t3500\n", "dump\tairflow\treports.daily\t1\n")
                .contains("base\tairflow\tpublic.\"Mixed 'Case\"\t1\n")
                .contains("base\tairflow\tpublic.runs\t3752\n");
        assertThat(Project.read(backups.resolve("proof/restore-tests.log")))
                .contains(" good ")
                .hasLineCount(1);
        assertThat(scratch()).isEmptyDirectory();
    }

    /** Recovery ends there without a word, and files and pages are sound. */
    @Test
    void finds_a_record_that_is_damaged_in_a_sound_file() {
        String last = segments.get(segments.size() - 1);
        source.bash("cd " + backups + "/wal && gzip -dc " + last
                + " >x && at=$(grep -abo 'in the segment that was' x | head -n 1 | cut -d : -f 1)"
                + " && printf XX | dd of=x bs=1 seek=$at conv=notrunc status=none && gzip -c x >" + last + " && rm x");
        assertThat(test(Map.of()).status()).isEqualTo(1);
        assertThat(record().get("REASON")).contains("a record between them is damaged");
    }

    /** The traps of whoever has the application's password, in a dump and in a base backup. */
    @Test
    void runs_nothing_that_was_planted_with_more_than_its_owners_rights() {
        Path mark = source.local().folder().resolve("mark");
        source.bash(
                "psql -XqU airflow -v ON_ERROR_STOP=1 -v mark=" + mark + " -f " + Project.file("e2e/planted.sql")
                        + " && psql -Xqc 'ALTER DATABASE airflow SET search_path = public, pg_catalog' -c 'CREATE EXTENSION amcheck WITH SCHEMA public'");
        source.dump("20260102_040000");
        source.base("20260102_030000");
        source.archive();
        source.bash(
                "psql -Xqc 'ALTER DATABASE airflow RESET ALL' -c 'DROP EXTENSION amcheck' -c 'ALTER ROLE airflow RESET ALL'; rm -rf "
                        + backups);
        source.copy(backups.getFileName().toString());
        Tool.Result result = test(
                Map.of("RESTORE_CHECKS", "SELECT count(*) = 5 FROM planted_1.rows WHERE planted_1.number(id) = made"));
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(mark).doesNotExist();
        assertThat(Project.filesBelow(backups).stream().map(Path::toString))
                .filteredOn(name -> name.startsWith("proof"))
                .containsExactlyInAnyOrder(
                        "proof/restore-test.env", "proof/restore-test-rows.tsv", "proof/restore-tests.log");
        assertThat(Project.read(backups.resolve("proof/restore-test-rows.tsv")))
                .contains("dump\tairflow\tplanted_30.rows\t5\n", "base\tairflow\tplanted_30.rows\t5\n");
    }

    @Test
    @Tag("long")
    void names_a_dump_with_a_flipped_byte_and_still_tries_the_older_one() {
        source.bash(
                "cd " + backups + " && cp " + DUMP + " older && mv older postgresql_backup_20260101_020000.sql.gz"
                        + " && sha256sum postgresql_backup_20260101_020000.sql.gz >postgresql_backup_20260101_020000.sql.gz.sha256");
        flip(DUMP);
        assertThat(failure()).isEqualTo(DUMP + ": its content does not match its checksum; replace it by a new backup");
        assertThat(record())
                .containsEntry("DUMP", "postgresql_backup_20260101_020000.sql.gz")
                .containsEntry("BASE", BASE);
    }

    @Test
    void names_a_base_backup_with_a_flipped_byte() {
        flip("base/" + BASE + "/base.tar.gz");
        assertThat(failure())
                .contains(BASE + ": its content does not match its checksums: base.tar.gz: FAILED")
                .contains("there is no good base backup to restore; take one");
        assertThat(record()).containsEntry("DUMP", DUMP).containsEntry("LAST_GOOD", "");
    }

    @Test
    void names_a_segment_that_is_missing_on_the_way() {
        String missing = segments.get(segments.size() - 2);
        source.bash("rm " + backups.resolve("wal/" + missing));
        assertThat(failure())
                .contains("WAL segment " + missing.replace(".gz", "")
                        + " is missing or damaged, although the archive goes on to");
    }

    @Test
    @Tag("long")
    void names_a_segment_that_is_damaged() {
        String damaged = segments.get(segments.size() - 1);
        flip("wal/" + damaged);
        assertThat(failure())
                .contains("WAL segment " + damaged.replace(".gz", "") + " is ")
                .contains("damaged");
    }

    @Test
    @Tag("long")
    void names_a_segment_that_the_base_backup_itself_needs() {
        String needed = source.bash("sed -n 's#^START_LSN=0/0*\\(.*\\)......$#00000001000000000000000\\1#p' " + backups
                + "/base/" + BASE + "/base.env");
        source.bash("rm " + backups.resolve("wal/" + needed + ".gz"));
        assertThat(failure()).contains("WAL segment " + needed + " is missing, without which it cannot be opened");
    }

    @Test
    @Tag("long")
    void names_a_check_of_the_user_that_fails_and_one_that_is_no_sql() {
        Tool.Result result = test(Map.of("RESTORE_CHECKS", "SELECT count(*) < 10 FROM runs"));
        assertThat(result.status()).isEqualTo(1);
        assertThat(record().get("REASON"))
                .contains(DUMP + ": check 'SELECT count(*) < 10 FROM runs' said 'f', not true")
                .contains(BASE + ": check 'SELECT count(*) < 10 FROM runs' said 'f', not true");
        test(Map.of("RESTORE_CHECKS", "DROP TABLE runs"));
        assertThat(record().get("REASON")).contains("cannot execute DROP TABLE in a read-only transaction");
    }

    @Test
    @Tag("long")
    void refuses_a_base_backup_of_another_major_release_candidates_among_them() {
        source.bash(
                "cd " + backups + "/base/" + BASE
                        + " && sed -i 's/^SERVER_VERSION=.*/SERVER_VERSION=14rc1 (Debian 14~rc1-1)/' base.env && sha256sum base.env base.tar.gz backup_manifest >SHA256SUMS");
        assertThat(failure()).startsWith(BASE + " is of PostgreSQL 14, this is " + LocalMajor.VERSION);
    }

    @Test
    void finds_a_damaged_page_that_every_checksum_agrees_with() {
        source.sql("CHECKPOINT");
        source.bash("""
                file=$(psql -XAtc "SELECT pg_relation_filepath('fragile_id')")
                printf 'no page of an index' | dd of="$PGDATA/$file" bs=1 seek=$((8192 * 2 + 8100)) conv=notrunc status=none
                printf 'no page of an index' | dd of="$PGDATA/$file" bs=1 seek=$((8192 * 2 + 40)) conv=notrunc status=none
                """);
        source.base("20260103_030000");
        source.archive();
        source.bash("rm -rf " + backups);
        source.copy(backups.getFileName().toString());
        assertThat(failure())
                .contains("postgresql_base_20260103_030000: pg_amcheck found damage: ")
                .contains("fragile_id");
    }

    @Test
    @Tag("long")
    void keeps_the_time_of_the_last_good_proof() {
        assertThat(test(Map.of("BASE_BACKUPS", "no")).status()).isZero();
        String good = record().get("WHEN");
        source.bash("rm " + backups.resolve(DUMP));
        assertThat(test(Map.of("BASE_BACKUPS", "no")).status()).isEqualTo(1);
        assertThat(record())
                .containsEntry("LAST_GOOD", good)
                .containsEntry("REASON", "there is no good dump to restore; take one");
        assertThat(Project.read(backups.resolve("proof/restore-tests.log"))).hasLineCount(2);
    }

    private Path scratch() {
        return source.local().folder().resolve("scratch");
    }

    private void flip(String file) {
        source.bash(
                "perl -e 'open F, \"+<\", shift; seek F, -s F >> 1, 0; read F, $b, 1; seek F, -1, 1; print F $b ^ \"\\377\"' "
                        + backups.resolve(file));
    }

    /** A test that has to fail; gives the recorded reason, which is also the last line of the log. */
    private String failure() {
        Tool.Result result = test(Map.of());
        assertThat(result.status()).as(result.output()).isEqualTo(1);
        assertThat(record()).containsEntry("RESULT", "failed");
        String reason = record().getOrDefault("REASON", "");
        assertThat(result.output()).contains(reason);
        return reason;
    }

    private Map<String, String> record() {
        Map<String, String> record = new TreeMap<>();
        Project.read(backups.resolve("proof/restore-test.env")).lines().forEach(line -> {
            String[] parts = line.split("=", 2);
            record.put(parts[0], parts[1]);
        });
        return record;
    }

    private Tool.Result test(Map<String, String> changes) {
        source.local().makeFolder("scratch");
        source.local().makeFolder("result");
        Map<String, String> job = new TreeMap<>(Map.of(
                // Nobody answers there: the test must not look.
                "PGHOST", "127.0.0.1",
                "PGPORT", "1",
                "BACKUP_DIRECTORY", backups.toString(),
                "PROOF_DIRECTORY", backups + "/proof",
                "SCRATCH_DIRECTORY", scratch().toString(),
                "SCRATCH_BYTES", "1000000000",
                "DATABASE_NAME", "airflow",
                "DATABASE_OWNER", "airflow",
                "POSTGRES_MAJOR", LocalMajor.VERSION.toString()));
        job.put("RESULT_DIRECTORY", source.local().folder().resolve("result").toString());
        job.putAll(changes);
        assertThat(Files.isDirectory(backups)).isTrue();
        String script = source.local().scripts() + "/restore-test.sh";
        Tool.Result begun = Tool.run(source.local().process(job, script, "begin"));
        assertThat(begun.status()).as(begun.output()).isZero();
        assertThat(record()).containsEntry("RESULT", "running");
        Tool.Result proved = Tool.run(source.local().process(job, script, "prove"));
        assertThat(proved.status()).as(proved.output()).isZero();
        return Tool.run(source.local().process(job, script, "record"));
    }
}
