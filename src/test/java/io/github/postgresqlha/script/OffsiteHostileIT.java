package io.github.postgresqlha.script;

import static io.github.postgresqlha.script.OffsiteVolume.BASE;
import static io.github.postgresqlha.script.OffsiteVolume.DUMP;
import static io.github.postgresqlha.script.OffsiteVolume.SEGMENT;
import static io.github.postgresqlha.script.OffsiteVolume.TAIL;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whoever writes on the backup volume, or at the remote, gets neither the credential nor what the copy keeps. */
@Tag("long")
class OffsiteHostileIT {

    /** A word of rclone.conf. */
    private static final String SECRET = "password2";

    private OffsiteVolume volume;

    @BeforeEach
    void copy_once() {
        volume = new OffsiteVolume();
        succeed(volume.copy());
    }

    @AfterEach
    void close() {
        volume.close();
    }

    @Test
    void a_link_for_the_end_of_the_log_is_not_sent() {
        volume.good("ln -s $REMOTE/../rclone.conf wal/0000000100000000000000AA.gz.partial && grep -q " + SECRET
                + " wal/0000000100000000000000AA.gz.partial");
        succeed(volume.copy());
        assertThat(volume.copied())
                .contains("wal-tail/" + TAIL)
                .doesNotContain("wal-tail/0000000100000000000000AA.gz.partial");
    }

    @Test
    void what_a_linked_folder_holds_is_not_sent() {
        volume.good(
                "mkdir $REMOTE/../aside && head -c 9000 /dev/zero | gzip >$REMOTE/../aside/00000001000000000000000A.gz"
                        + " && mv wal/receiving wal/kept && ln -s $REMOTE/../aside wal/receiving"
                        + " && cp $REMOTE/../rclone.conf $REMOTE/../aside/0000000100000000000000AA.gz.partial"
                        + " && mkdir databases.there && ln -s $REMOTE/../aside databases");
        succeed(volume.copy());
        assertThat(volume.copied()).noneMatch(name -> name.contains("AA.gz") || name.contains("0A.gz"));
    }

    @Test
    void what_a_request_or_an_identifier_says_is_not_repeated() {
        volume.good("ln -s $REMOTE/../rclone.conf offsite/request");
        Tool.Result request = volume.copy();
        succeed(request);
        assertThat(request.output()).contains("offsite/request is no request").doesNotContain(SECRET);
        volume.good("printf 'latest x-1\\n%s\\n' \"$(cat $REMOTE/../rclone.conf)\" >offsite/request");
        assertThat(volume.copy().output()).contains("is no request").doesNotContain(SECRET);
        volume.good("rm wal/system-identifier && ln -s $REMOTE/../rclone.conf wal/system-identifier"
                + " && echo 'latest x-2' >offsite/request");
        Tool.Result identifier = volume.copy();
        assertThat(identifier.status()).isEqualTo(1);
        assertThat(identifier.output())
                .contains("wal/system-identifier on the backup volume is no database system's identifier")
                .doesNotContain(SECRET);
        assertThat(volume.note("answer")).startsWith("x-2 failed").doesNotContain(SECRET);
        volume.good("rm wal/system-identifier && cp $REMOTE/../rclone.conf $REMOTE/postgresql/wal/system-identifier");
        assertThat(volume.copy().output())
                .contains("wal/system-identifier at offsite:postgresql is no database system's identifier")
                .doesNotContain(SECRET);
    }

    /** Each member writes in this folder alone. */
    @Test
    void links_in_the_folder_of_requests_empty_nothing() {
        volume.good("find . -name '*.gz' ! -path './offsite/*' -exec sha256sum {} + >$REMOTE/sums");
        volume.good(
                "cd offsite && rm .lock && ln -s ../" + DUMP + " .lock && for note in compared inventory last-copy.env"
                        + " vanished answer request; do ln -sf ../" + SEGMENT + " $note.partial; ln -sf ../" + BASE
                        + "/base.tar.gz $note; done");
        succeed(volume.copy());
        volume.good("sha256sum --quiet -c $REMOTE/sums");
        volume.good("! find offsite -type l ! -name '*.partial' | grep -vE 'vanished|answer'");
        volume.good("rm offsite/inventory && ln -s ../base offsite/inventory");
        succeed(volume.copy());
        volume.good("sha256sum --quiet -c $REMOTE/sums && [ ! -L offsite/inventory ] && [ -s offsite/inventory ]");
        assertThat(volume.remote().bash("ls base").output()).doesNotContain("offsite-");
    }

    @Test
    void a_base_backup_that_somebody_wrote_there_lets_no_wal_expire() {
        volume.base("20260102_030000", "0/5000028");
        succeed(volume.copy(Map.of("OFFSITE_RETENTION_DAYS", "36500")));
        volume.good("rm -r " + BASE + " " + SEGMENT);
        plant("20251231_000000");
        plant("29991231_000000");
        succeed(volume.copy(Map.of("OFFSITE_RETENTION_DAYS", "36500")));
        assertThat(volume.copied()).contains(SEGMENT, BASE + "/base.tar.gz");
        volume.good("rm $REMOTE/postgresql/" + SEGMENT);
        assertThat(volume.copy(Map.of("OFFSITE_RETENTION_DAYS", "36500")).output())
                .contains("1 files that were at offsite:postgresql are GONE, the first of them " + SEGMENT);
        plant("x_1");
        volume.good("rm -r $REMOTE/postgresql/base/postgresql_base_29991231_000000");
        Tool.Result past = volume.copy(Map.of("OFFSITE_RETENTION_DAYS", "1"));
        assertThat(past.status()).as(past.output()).isZero();
        assertThat(volume.copied())
                .contains("base/postgresql_base_20260102_030000/base.tar.gz", "wal/000000010000000000000005.gz")
                .doesNotContain("wal/000000010000000000000003.gz", BASE + "/base.tar.gz");
    }

    @Test
    void a_base_backup_that_only_was_here_keeps_its_wal() {
        volume.base("20260102_030000", "0/5000028");
        succeed(volume.copy(Map.of("OFFSITE_RETENTION_DAYS", "36500")));
        volume.good("rm -r " + BASE + " wal/000000010000000000000003.gz " + SEGMENT);
        volume.good(
                "printf 'START_LSN=FFFFFFFF/0\\nSEGMENT_BYTES=16777216\\n' >$REMOTE/postgresql/" + BASE + "/base.env");
        volume.copy(Map.of("OFFSITE_RETENTION_DAYS", "36500"));
        assertThat(volume.copied()).contains("wal/000000010000000000000003.gz", SEGMENT);
        assertThat(volume.remote().bash("cat copied-bases").output())
                .isEqualTo("0000000000000003 20260101_030000\n0000000000000005 20260102_030000\n");
    }

    @Test
    void a_good_base_backup_is_not_replaced_by_that_of_somebody_else() {
        volume.good("sha256sum " + BASE + "/* >$REMOTE/sums");
        volume.good("cd $REMOTE/postgresql/" + BASE + " && head -c 50000 /dev/urandom | gzip >base.tar.gz"
                + " && echo x >extra && cp base.tar.gz 16400.tar.gz && sha256sum b* 1* >SHA256SUMS");
        for (String what : new String[] {"all", "latest"}) {
            Tool.Result result = volume.remote().run("fetch-offsite.sh", Map.of(), what);
            succeed(result);
            assertThat(result.output())
                    .contains(BASE + "/ has other files off-site than here")
                    .doesNotContain("extra");
            volume.good("sha256sum --quiet -c $REMOTE/sums && [ ! -e offsite/damaged ]");
        }
        Tool.Result everything = volume.remote().run("fetch-offsite.sh", Map.of());
        assertThat(everything.status()).isEqualTo(1);
        volume.good("sha256sum --quiet -c $REMOTE/sums && [ ! -e offsite/damaged ]");
        volume.good("rm -r " + BASE);
        succeed(volume.remote().run("fetch-offsite.sh", Map.of()));
        assertThat(volume.local(BASE + "/16400.tar.gz")).exists();
        assertThat(volume.local(BASE + "/extra")).doesNotExist();
    }

    @Test
    void names_that_somebody_wrote_there_push_none_out() {
        volume.good("rm " + DUMP + "* && mkdir -p $REMOTE/postgresql/base/postgresql_base_20260105_000000"
                + " && touch $REMOTE/postgresql/base/postgresql_base_20260105_000000/{1..20}.tar.gz");
        Map<String, String> small = Map.of("OFFSITE_INVENTORY_FILES", "15");
        Tool.Result filled = volume.copy(small);
        assertThat(filled.status()).isEqualTo(1);
        assertThat(filled.output()).containsPattern("holds 1[0-9] files more than OFFSITE_INVENTORY_FILES \\(15\\)");
        volume.good("rm $REMOTE/postgresql/" + DUMP);
        assertThat(volume.copy(small).output())
                .contains("1 files that were at offsite:postgresql are GONE, the first of them " + DUMP);
    }

    private void plant(String stamp) {
        String folder = "$REMOTE/postgresql/base/postgresql_base_" + stamp;
        volume.good("mkdir -p " + folder + " && printf 'START_LSN=FFFFFFFF/0\\nSEGMENT_BYTES=16777216\\n' >" + folder
                + "/base.env && echo x >" + folder + "/SHA256SUMS");
    }

    private static void succeed(Tool.Result result) {
        assertThat(result.status()).as(result.output()).isZero();
    }
}
