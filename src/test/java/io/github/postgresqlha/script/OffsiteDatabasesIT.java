package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Dumps of other databases in the copy outside of the cluster: proved, kept and brought back as those of the application's. */
@Tag("long")
class OffsiteDatabasesIT {

    private static final String APPLICATION = "postgresql_backup_20260102_020000.sql.gz";
    private static final String REPORTS = "databases/postgresql_backup_20260102_020000.reports.sql.gz";

    private LocalRemote remote;
    private Path there;

    @BeforeEach
    void fill() {
        remote = new LocalRemote();
        there = remote.folder().resolve("postgresql");
        good("mkdir databases");
        dump(APPLICATION);
        dump(REPORTS);
        good(
                "touch databases/postgresql_backup_20260103_020000.reports.sql.gz.partial databases/other 'databases/x y.sql.gz'");
    }

    @AfterEach
    void close() {
        remote.close();
    }

    @Test
    void are_copied_with_their_checksums_and_are_no_dumps_of_the_application() {
        String damaged = "databases/postgresql_backup_20260101_020000.reports.sql.gz";
        dump(damaged);
        good("truncate -s -3 " + damaged);
        Tool.Result refused = copy(36500);
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).contains(damaged + " is damaged on the backup volume and was not copied");
        good("rm " + damaged + "*");
        Tool.Result result = copy(36500);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(files())
                .containsExactlyInAnyOrder(
                        APPLICATION,
                        APPLICATION + ".sha256",
                        REPORTS,
                        REPORTS + ".sha256",
                        damaged + ".sha256",
                        "last-copy.env");
        assertThat(Project.read(there.resolve("last-copy.env"))).contains("NEWEST_DUMP=" + APPLICATION + "\n");
    }

    @Test
    void a_damaged_copy_is_replaced() {
        copy(36500);
        good("printf x | dd of=$REMOTE/postgresql/" + REPORTS + " bs=1 seek=40 conv=notrunc status=none");
        Tool.Result result = remote.run("offsite.sh", Map.of("OFFSITE_RETENTION_DAYS", "36500"), "--verify");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains(REPORTS + " is damaged off-site: kept as damaged/" + REPORTS + ".");
        assertThat(there.resolve(REPORTS))
                .hasSameBinaryContentAs(remote.backups().resolve(REPORTS));
    }

    @Test
    void the_newest_of_each_database_stays_whatever_its_age() {
        String old = "databases/postgresql_backup_20250102_020000.reports.sql.gz";
        String gone = "databases/postgresql_backup_20240102_020000.gone.sql.gz";
        dump(old);
        dump(gone);
        assertThat(copy(36500).status()).isZero();
        assertThat(files()).contains(old, gone, REPORTS, APPLICATION);
        Tool.Result result = copy(1);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(files())
                .contains(gone, gone + ".sha256", REPORTS, REPORTS + ".sha256", APPLICATION)
                .doesNotContain(old, old + ".sha256");
        assertThat(copy(1).output()).contains(" 0 new, 0 replaced, 0 past the retention");
    }

    @Test
    void come_back_one_by_one_and_with_everything() {
        copy(36500);
        good("rm -r databases " + APPLICATION + "*");
        Tool.Result one = remote.run("fetch-offsite.sh", Map.of(), REPORTS);
        assertThat(one.status()).as(one.output()).isZero();
        good("sha256sum --quiet -c " + REPORTS + ".sha256 && test ! -e " + APPLICATION);
        good("rm " + REPORTS);
        Tool.Result again = remote.run("fetch-offsite.sh", Map.of(), REPORTS);
        assertThat(again.status()).as(again.output()).isZero();
        good("rm -r databases");
        Tool.Result everything = remote.run("fetch-offsite.sh", Map.of());
        assertThat(everything.status()).as(everything.output()).isZero();
        good("sha256sum --quiet -c " + REPORTS + ".sha256 " + APPLICATION + ".sha256");
        for (String name : List.of("databases/../x", "databases/" + APPLICATION, "databases/x")) {
            assertThat(remote.run("fetch-offsite.sh", Map.of(), name).status()).isEqualTo(64);
        }
    }

    /** The checksum names the path below the backup folder, as backup.sh writes it. */
    private void dump(String path) {
        good("head -c 30000 /dev/urandom | gzip >" + path + "; sha256sum " + path + " >" + path + ".sha256");
    }

    private Tool.Result copy(int days) {
        return remote.run("offsite.sh", Map.of("OFFSITE_RETENTION_DAYS", String.valueOf(days)));
    }

    private void good(String script) {
        Tool.Result result = remote.bash(script);
        assertThat(result.status()).as(result.output()).isZero();
    }

    private List<String> files() {
        return Project.filesBelow(there).stream().map(Path::toString).toList();
    }
}
