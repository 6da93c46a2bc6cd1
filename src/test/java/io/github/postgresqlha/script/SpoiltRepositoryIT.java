package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of damage, met by each program that reads it: it names what is damaged, fails, and the running database stays as it is. */
@Tag("long")
class SpoiltRepositoryIT {

    private static final String BASE = "postgresql_base_20260101_000001";

    private static LocalPair pair;
    private static LocalInstance primary;
    private static LocalRepository repository;
    private static String dump = "";
    private static List<String> segments = List.of();
    private static long postmaster;
    private static Path spoilt = Path.of("");

    @BeforeAll
    static void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        repository = new LocalRepository(pair).receive(primary);
        primary.createRows().insert(2, "a");
        assertThat(repository.backUp(primary)).isEqualTo(BASE);
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.putAll(Map.of("PGDATABASE", "airflow", "BACKUP_RETENTION_DAYS", "7", "BACKUP_RETENTION_MINIMUM", "3"));
        assertThat(primary.script(job, "backup.sh").status()).isZero();
        dump = shell("cd " + repository.folder() + " && ls *.sql.gz").output().strip();
        for (String note : List.of("b", "c", "d", "e")) {
            primary.insert(2, note);
            repository.switchSegment(primary);
        }
        primary.insert(2, "f");
        repository.awaitArchived(primary);
        repository.close();
        segments = repository.files("", ".gz").stream()
                .map(file -> file.getFileName().toString().replace(".gz", ""))
                .toList();
        postmaster = primary.postmaster();
        spoilt = pair.local().folder().resolve("spoilt");
    }

    @AfterAll
    static void stop() {
        repository.close();
        pair.close();
    }

    @AfterEach
    void is_untouched_and_serves() {
        assertThat(primary.rows()).isEqualTo("a=2 b=2 c=2 d=2 e=2 f=2");
        assertThat(primary.postmaster()).isEqualTo(postmaster);
        assertThat(primary.timeline()).isEqualTo("00000001");
        assertThat(primary.sql("SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database"))
                .isEqualTo("airflow postgres template0 template1");
        assertThat(shell("ls " + primary.data() + "/..").output()).isEqualToIgnoringWhitespace("pgdata state");
        assertThat(shell("ls " + primary.environment("WAL_DIRECTORY")).output().lines())
                .hasSize(1);
        shell("rm -rf " + spoilt);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing|verify-backup.sh --all|",
                "nothing|restore-test.sh|",
                "nothing|restore-pitr.sh --latest --dry-run|",
                "nothing|restore/bootstrap.sh|",
                "flip DUMP|verify-backup.sh|DUMP: its content does not match its checksum",
                "flip DUMP|verify-backup.sh --all|DUMP: its content does not match its checksum",
                "flip DUMP|restore-test.sh|DUMP: its content does not match its checksum",
                "flip DUMP|restore.sh DUMP|DUMP: its content does not match its checksum; nothing was touched",
                "flip DUMP.sha256|verify-backup.sh|DUMP: its content does not match its checksum",
                "flip DUMP.sha256|verify-backup.sh --all|DUMP: its content does not match its checksum",
                "flip DUMP.sha256|restore-test.sh|DUMP: its content does not match its checksum",
                "flip DUMP.sha256|restore.sh DUMP|DUMP: its content does not match its checksum; nothing was touched",
                "flip BASE/base.tar.gz|verify-backup.sh --base|BASE: its content does not match its checksums: base.tar.gz",
                "flip BASE/base.tar.gz|verify-backup.sh --all|BASE: its content does not match its checksums: base.tar.gz",
                "flip BASE/base.tar.gz|restore-test.sh|BASE: its content does not match its checksums: base.tar.gz",
                "flip BASE/base.tar.gz|restore-pitr.sh --latest --yes|BASE: its content does not match its checksums: base.tar.gz",
                "flip BASE/base.tar.gz|restore/bootstrap.sh|BASE: its content does not match its checksums: base.tar.gz",
                "flip BASE/SHA256SUMS|verify-backup.sh --base|BASE: ",
                "flip BASE/SHA256SUMS|verify-backup.sh --all|BASE: ",
                "flip BASE/SHA256SUMS|restore-test.sh|BASE: ",
                "flip BASE/SHA256SUMS|restore-pitr.sh --latest --yes|BASE: ",
                "flip BASE/SHA256SUMS|restore/bootstrap.sh|BASE: ",
                "halve BASE/backup_manifest|verify-backup.sh --base|BASE: its content does not match its checksums: backup_manifest",
                "halve BASE/backup_manifest|verify-backup.sh --all|BASE: its content does not match its checksums: backup_manifest",
                "halve BASE/backup_manifest|restore-test.sh|BASE: its content does not match its checksums: backup_manifest",
                "halve BASE/backup_manifest|restore-pitr.sh --latest --yes|BASE: its content does not match its checksums: backup_manifest",
                "halve BASE/backup_manifest|restore/bootstrap.sh|BASE: its content does not match its checksums: backup_manifest",
                "agree-on-half BASE/backup_manifest|restore-test.sh|BASE cannot be unpacked: ",
                "agree-on-half BASE/backup_manifest|restore-pitr.sh --latest --yes|manifest",
                "agree-on-half BASE/backup_manifest|restore/bootstrap.sh|manifest",
                "flip WAL|verify-backup.sh --base|WAL segment NAME is damaged",
                "flip WAL|verify-backup.sh --all|WAL segment NAME is damaged",
                "flip WAL|restore-test.sh|WAL segment NAME is damaged",
                "flip WAL|restore-pitr.sh --latest --yes|NAME.gz is damaged",
                "flip WAL|restore/bootstrap.sh|NAME.gz is damaged",
                "remove WAL|verify-backup.sh --base|WAL segment NAME is missing",
                "remove WAL|verify-backup.sh --all|WAL segment NAME is missing",
                "remove WAL|restore-test.sh|WAL segment NAME is missing or damaged",
                "remove WAL|restore-pitr.sh --latest --yes|segment NAME is missing",
                "remove WAL|restore/bootstrap.sh|segment NAME is missing",
                "swap WAL|verify-backup.sh --base|WAL segment NAME is damaged",
                "swap WAL|restore-test.sh|WAL segment NAME is missing or damaged",
                "swap WAL|restore-pitr.sh --latest --yes|NAME.gz is damaged: its content belongs to another place",
                "swap WAL|restore/bootstrap.sh|NAME.gz is damaged: its content belongs to another place",
                "lie BASE/base.env PLAIN_BYTES|verify-backup.sh --base|BASE: base.env says no PLAIN_BYTES that can be",
                "lie BASE/base.env START_LSN|verify-backup.sh --base|BASE: base.env says no START_LSN that can be",
                "lie BASE/base.env TIMELINE|verify-backup.sh --base|BASE: base.env says no TIMELINE that can be",
                "lie BASE/base.env SEGMENT_BYTES|verify-backup.sh --base|BASE: base.env says no SEGMENT_BYTES that can be",
                "lie BASE/base.env SYSTEM_IDENTIFIER|verify-backup.sh --base|BASE: base.env says no SYSTEM_IDENTIFIER that can be",
                "lie BASE/base.env TABLESPACES|verify-backup.sh --base|BASE: base.env says no TABLESPACES that can be",
                "lie BASE/base.env PLAIN_BYTES|verify-backup.sh --all|BASE: base.env says no PLAIN_BYTES that can be",
                "lie BASE/base.env START_LSN|verify-backup.sh --all|BASE: base.env says no START_LSN that can be",
                "lie BASE/base.env TIMELINE|verify-backup.sh --all|BASE: base.env says no TIMELINE that can be",
                "lie BASE/base.env SEGMENT_BYTES|verify-backup.sh --all|BASE: base.env says no SEGMENT_BYTES that can be",
                "lie BASE/base.env SYSTEM_IDENTIFIER|verify-backup.sh --all|BASE: base.env says no SYSTEM_IDENTIFIER that can be",
                "lie BASE/base.env TABLESPACES|verify-backup.sh --all|BASE: base.env says no TABLESPACES that can be",
                "lie BASE/base.env PLAIN_BYTES|restore-test.sh|BASE: base.env says no PLAIN_BYTES that can be",
                "lie BASE/base.env START_LSN|restore-test.sh|BASE: base.env says no START_LSN that can be",
                "lie BASE/base.env SYSTEM_IDENTIFIER|restore-test.sh|BASE: base.env says no SYSTEM_IDENTIFIER that can be",
                "lie BASE/base.env PLAIN_BYTES|restore-pitr.sh --latest --yes|BASE: base.env says no PLAIN_BYTES that can be",
                "lie BASE/base.env START_LSN|restore-pitr.sh --latest --yes|BASE: base.env says no START_LSN that can be",
                "lie BASE/base.env TIMELINE|restore-pitr.sh --latest --yes|BASE: base.env says no TIMELINE that can be",
                "lie BASE/base.env SEGMENT_BYTES|restore-pitr.sh --latest --yes|BASE: base.env says no SEGMENT_BYTES that can be",
                "lie BASE/base.env SYSTEM_IDENTIFIER|restore-pitr.sh --latest --yes|BASE: base.env says no SYSTEM_IDENTIFIER that can be",
                "lie BASE/base.env TABLESPACES|restore-pitr.sh --latest --yes|BASE: base.env says no TABLESPACES that can be",
                "lie BASE/base.env PLAIN_BYTES|restore-pitr.sh --list|base.env says no PLAIN_BYTES that can be",
                "lie BASE/base.env START_LSN|restore-pitr.sh --list|base.env says no START_LSN that can be",
                "lie BASE/base.env TIMELINE|restore-pitr.sh --list|base.env says no TIMELINE that can be",
                "lie BASE/base.env SEGMENT_BYTES|restore-pitr.sh --list|base.env says no SEGMENT_BYTES that can be",
                "lie BASE/base.env SYSTEM_IDENTIFIER|restore-pitr.sh --list|base.env says no SYSTEM_IDENTIFIER that can be",
                "lie BASE/base.env TABLESPACES|restore-pitr.sh --list|base.env says no TABLESPACES that can be",
                "lie BASE/base.env PLAIN_BYTES|restore/bootstrap.sh|BASE: base.env says no PLAIN_BYTES that can be",
                "lie BASE/base.env START_LSN|restore/bootstrap.sh|BASE: base.env says no START_LSN that can be",
                "lie BASE/base.env SYSTEM_IDENTIFIER|restore/bootstrap.sh|BASE: base.env says no SYSTEM_IDENTIFIER that can be",
                "name BASE/SHA256SUMS|verify-backup.sh --base|BASE: SHA256SUMS names what is no file of a base backup",
                "name BASE/SHA256SUMS|restore-test.sh|BASE: SHA256SUMS names what is no file of a base backup",
                "name BASE/SHA256SUMS|restore/bootstrap.sh|BASE: SHA256SUMS names what is no file of a base backup",
                "mix WAL|verify-backup.sh --base|WAL segment NAME is damaged: it holds log of timeline 7 at a place of timeline 1",
                "mix WAL|restore-pitr.sh --latest --yes|it holds log of timeline 7 at a place of timeline 1: two members' logs are mixed",
                "mix WAL|restore/bootstrap.sh|it holds log of timeline 7 at a place of timeline 1",
                "mix WAL|restore-test.sh|BASE: ",
                "conflict WAL|verify-backup.sh --base|WAL segment NAME came with two contents",
                "conflict WAL|restore-pitr.sh --latest --yes|NAME.gz came with two contents",
                "conflict WAL|restore/bootstrap.sh|NAME.gz came with two contents",
            })
    void is_named_by_whoever_reads_it(String damage, String program, String problem) {
        String middle = segments.get(segments.size() - 2);
        spoil(damage, middle);
        Tool.Result result = run(program.replace("DUMP", dump).split(" "));
        if (damage.equals("nothing")) {
            assertThat(result.status()).as(result.output()).isZero();
            return;
        }
        assertThat(result.output())
                .contains(problem.replace("DUMP", dump).replace("BASE", BASE).replace("NAME", middle));
        assertThat(mark()).doesNotExist();
        if (!program.endsWith("--list")) {
            assertThat(result.status()).as(result.output()).isIn(1, 64);
        }
        assertThat(pair.local().folder().resolve("new/data/pgdata.restoring/postmaster.pid"))
                .doesNotExist();
    }

    /** What a value of a repository would have made if anybody had run it. */
    private static Path mark() {
        return pair.local().folder().resolve("mark");
    }

    private static void spoil(String damage, String middle) {
        shell("cp -a " + repository.folder() + " " + spoilt);
        if (damage.equals("nothing")) {
            return;
        }
        String[] words = damage.split(" ", 2);
        String[] place = words[1].split(" ", 2);
        Path file = spoilt.resolve(
                place[0].replace("DUMP", dump).replace("BASE", "base/" + BASE).replace("WAL", "wal/" + middle + ".gz"));
        String before = segments.get(segments.size() - 3);
        shell(
                switch (words[0]) {
                    case "flip" ->
                        "perl -e 'open F, \"+<\", $ARGV[0]; seek F, int((-s F) / 4), 0; read F, $b, 1; seek F, -1, 1; print F chr(ord($b) ^ 255)' "
                                + file;
                    case "halve" -> "truncate -s $(($(stat -c %s " + file + ") / 2)) " + file;
                    case "agree-on-half" ->
                        "cd " + file.getParent() + " && truncate -s 2000 " + file
                                + " && sha256sum base.tar.gz backup_manifest base.env >SHA256SUMS";
                    case "swap" -> "cp " + spoilt + "/wal/" + before + ".gz " + file;
                    case "lie" ->
                        "cd " + file.getParent() + " && sed -i 's/^" + place[1] + "=.*/" + place[1] + "=PATH[$(touch "
                                + mark().toString().replace("/", "\\/")
                                + ")]/' base.env && sha256sum base.tar.gz backup_manifest base.env >SHA256SUMS";
                    case "name" -> "echo \"$(printf '%064d' 0)  ../../../../../etc/passwd\" >>" + file;
                    case "mix" ->
                        "gzip -dc " + file + " | perl -0777 -pe 'substr($_, 4, 1) = chr(7)' | gzip >" + file
                                + ".x && mv " + file + ".x " + file;
                    case "conflict" ->
                        "mkdir " + spoilt + "/wal/conflicts && cp " + file + " " + spoilt + "/wal/conflicts/" + middle
                                + ".gz.1";
                    default -> "rm " + file;
                });
    }

    private static Tool.Result run(String... command) {
        Path fresh = pair.local().makeFolder("new");
        shell("rm -rf " + fresh + "/* && mkdir -p " + fresh + "/data/state " + fresh + "/wal " + fresh + "/scratch "
                + fresh + "/result");
        Map<String, String> job = new TreeMap<>(Map.of("BACKUP_DIRECTORY", spoilt.toString()));
        switch (command[0]) {
            case "restore-test.sh" ->
                job.putAll(Map.of(
                        "PROOF_DIRECTORY",
                        spoilt + "/proof",
                        "SCRATCH_DIRECTORY",
                        fresh + "/scratch",
                        "RESULT_DIRECTORY",
                        fresh + "/result",
                        "SCRATCH_BYTES",
                        "1000000000",
                        "POSTGRES_MAJOR",
                        LocalMajor.VERSION.toString()));
            case "restore/bootstrap.sh" ->
                job.putAll(Map.of(
                        "BOOTSTRAP_DIRECTORY",
                        spoilt.toString(),
                        "BOOTSTRAP_TARGET",
                        "latest",
                        "PGDATA",
                        fresh + "/data/pgdata",
                        "WAL_DIRECTORY",
                        fresh + "/wal"));
            case "restore.sh" -> job.put("PGPORT", primary.environment("MEMBER_PORTS"));
            default -> {}
        }
        if (command[0].equals("restore-test.sh")) {
            assertThat(primary.script(job, command[0], "prove").status()).isZero();
            return primary.script(job, command[0], "record");
        }
        return primary.script(
                job, command[0], List.of(command).subList(1, command.length).toArray(new String[0]));
    }

    private static Tool.Result shell(String command) {
        Tool.Result result = primary.run("bash", "-euc", command);
        assertThat(result.status()).as(result.output()).isZero();
        return result;
    }
}
