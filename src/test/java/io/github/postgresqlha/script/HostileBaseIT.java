package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Base backups that somebody made who can write where they are kept: their checksums fit, and nothing of them leaves the folder that they are unpacked into. */
class HostileBaseIT {

    private static LocalPair pair;
    private static LocalInstance primary;
    private static LocalRepository repository;
    private static String base = "";
    private static String wal = "";
    private static long postmaster;

    @BeforeAll
    static void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        repository = new LocalRepository(pair).receive(primary);
        primary.createRows().insert(2, "a");
        base = repository.backUp(primary);
        repository.switchSegment(primary);
        primary.insert(2, "b");
        repository.awaitArchived(primary);
        repository.close();
        wal = shell("readlink " + primary.data() + "/pg_wal");
        postmaster = primary.postmaster();
        shell("mkdir -p " + repository.folder() + "/proof && cp -a " + repository.folder() + " " + repository.folder()
                + ".good");
    }

    @AfterAll
    static void stop() {
        repository.close();
        pair.close();
    }

    @BeforeEach
    void whole() {
        shell("rm -rf " + repository.folder() + "/base && cp -a " + repository.folder() + ".good/base "
                + repository.folder() + "/");
    }

    @AfterEach
    void the_running_server_has_all_of_its_files() {
        primary.sql("CHECKPOINT");
        primary.sql("SELECT pg_switch_wal()");
        assertThat(shell("stat -c %s " + primary.data() + "/global/pg_control")).isEqualTo("8192");
        assertThat(primary.rows()).isEqualTo("a=2 b=2");
        assertThat(primary.postmaster()).isEqualTo(postmaster);
        assertThat(shell("ls " + primary.data() + "/..")).isEqualToIgnoringWhitespace("pgdata state");
        assertThat(shell("ls " + primary.environment("WAL_DIRECTORY")))
                .isEqualTo(wal.substring(wal.lastIndexOf('/') + 1));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "rm -rf pg_wal && ln -s $WAL pg_wal && echo forged >extra|pg_wal, which is neither a file nor a folder",
                "ln -s $PGDATA/global/pg_control recovery.signal|recovery.signal, which is neither a file nor a folder",
                "rm postgresql.auto.conf && ln -s $PGDATA/global/pg_control postgresql.auto.conf|postgresql.auto.conf, which is neither a file nor a folder",
                "ln -sf $PGDATA/postgresql.conf postgresql.conf|postgresql.conf, which is neither a file nor a folder",
                "ln PG_VERSION another|which is neither a file nor a folder",
                "mkfifo waits|waits, which is neither a file nor a folder",
                "ln -s / pg_tblspc/16384|pg_tblspc/16384, which is neither a file nor a folder",
                "truncate -s 1G bomb|it holds more than the",
            })
    void what_is_no_file_of_a_base_backup_is_refused_by_whoever_unpacks_it(String change, String reason) {
        forge(change, "tar -czf \"$OLDPWD\"/base.tar.gz .");
        Tool.Result recovery = primary.script(Map.of(), "restore-pitr.sh", "--latest", "--yes");
        assertThat(recovery.status()).as(recovery.output()).isEqualTo(1);
        assertThat(recovery.output()).contains("base backup " + base + ": base.tar.gz: it holds ", reason);
        assertThat(bootstrap()).contains("base backup " + base + ": base.tar.gz: it holds ", reason);
        assertThat(restoreTest()).contains(base + " cannot be unpacked: base.tar.gz: it holds ", reason);
    }

    @ParameterizedTest
    @CsvSource({"../../outside", "/tmp/hostile-base-outside"})
    void names_that_lead_out_of_it_are_refused(String name) {
        forge("echo forged >forged", "tar -czPf \"$OLDPWD\"/base.tar.gz --transform 's#^./forged#" + name + "#' .");
        Tool.Result recovery = primary.script(Map.of(), "restore-pitr.sh", "--latest", "--yes");
        assertThat(recovery.output()).contains("it holds " + name + ", which is not below it");
        assertThat(restoreTest()).contains("it holds " + name + ", which is not below it");
    }

    /** As a killed recovery of a version that unpacked links has left them. */
    @Test
    void a_leftover_that_names_the_log_of_the_running_server_does_not_take_it_along() {
        shell("mkdir $PGDATA.restoring && ln -s " + wal + " $PGDATA.restoring/pg_wal && echo " + wal + " >"
                + primary.state() + "/attempt-wal");
        Tool.Result dry = primary.script(Map.of(), "restore-pitr.sh", "--latest", "--dry-run");
        assertThat(dry.status()).as(dry.output()).isZero();
        assertThat(shell("ls " + wal + " | wc -l")).isNotEqualTo("0");
        shell("rm -r $PGDATA.restoring " + primary.state() + "/attempt-wal"); // a dry run removes nothing
    }

    private static String bootstrap() {
        shell("rm -rf boot && mkdir -p boot/data/state boot/wal");
        Map<String, String> job = new TreeMap<>(Map.of("BOOTSTRAP_TARGET", "latest"));
        job.put("BOOTSTRAP_DIRECTORY", repository.folder().toString());
        job.put("PGDATA", shell("pwd") + "/boot/data/pgdata");
        job.put("WAL_DIRECTORY", shell("pwd") + "/boot/wal");
        return primary.script(job, "restore/bootstrap.sh").output();
    }

    private static String restoreTest() {
        shell("rm -rf proof && mkdir -p proof/scratch proof/result");
        Map<String, String> job = new TreeMap<>(Map.of("SCRATCH_BYTES", "1000000000", "POSTGRES_MAJOR", "17"));
        job.put("BACKUP_DIRECTORY", repository.folder().toString());
        job.put("PROOF_DIRECTORY", repository.folder() + "/proof");
        job.put("SCRATCH_DIRECTORY", shell("pwd") + "/proof/scratch");
        job.put("RESULT_DIRECTORY", shell("pwd") + "/proof/result");
        primary.script(job, "restore-test.sh", "prove");
        return primary.script(job, "restore-test.sh", "record").output();
    }

    /** Changes what is in the archive, packs it, and makes the checksums fit. */
    private static void forge(String change, String pack) {
        shell("WAL=" + wal + "; cd " + repository.base(base)
                + " && mkdir ../x && tar -xzf base.tar.gz -C ../x && (cd ../x && OLDPWD="
                + repository.base(base) + " && " + change + " && " + pack
                + ") && rm -rf ../x && sha256sum base.tar.gz backup_manifest base.env >SHA256SUMS");
    }

    private static String shell(String command) {
        Tool.Result result = primary.run("bash", "-euc", command);
        assertThat(result.status()).as(result.output()).isZero();
        return result.output().strip();
    }
}
