package io.github.postgresqlha.script;

import static io.github.postgresqlha.script.OffsiteVolume.BASE;
import static io.github.postgresqlha.script.OffsiteVolume.DUMP;
import static io.github.postgresqlha.script.OffsiteVolume.SEGMENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The copy outside of the cluster and back, with real rclone and a folder as the other place. */
class OffsiteScriptIT {

    private OffsiteVolume volume;
    private LocalRemote remote;
    private Path there;

    @BeforeEach
    void fill() {
        volume = new OffsiteVolume();
        remote = volume.remote();
        there = volume.there();
    }

    @AfterEach
    void close() {
        volume.close();
    }

    @Test
    void copies_everything_complete_and_says_so_at_both_ends() {
        Tool.Result result = volume.copy();
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(volume.copied())
                .containsExactlyInAnyOrder(
                        DUMP,
                        DUMP + ".sha256",
                        BASE + "/base.tar.gz",
                        BASE + "/backup_manifest",
                        BASE + "/base.env",
                        BASE + "/SHA256SUMS",
                        "wal/000000010000000000000003.gz",
                        SEGMENT,
                        "wal/000000010000000000000005.gz",
                        "wal/00000002.history.gz",
                        "wal/system-identifier",
                        "wal-tail/000000010000000000000006.gz.partial",
                        "last-copy.env");
        String marker = Project.read(remote.backups().resolve("offsite/last-copy.env"));
        assertThat(marker)
                .contains("FILES=11\n", "COPIED=11\n", "REPLACED=0\n", "NEWEST_DUMP=" + DUMP + "\n")
                .contains("NEWEST_BASE=postgresql_base_20260101_030000\n", "NEWEST_WAL=000000010000000000000005\n")
                .containsPattern("FINISHED_EPOCH=[0-9]{10}\n");
        assertThat(Project.read(there.resolve("last-copy.env"))).isEqualTo(marker);
        assertThat(volume.copy().output()).contains("11 files, 0 new, 0 replaced");
    }

    @Test
    void sends_a_tail_as_it_grows_and_drops_it_when_its_segment_is_complete() {
        volume.copy();
        String tail = "wal-tail/000000010000000000000006.gz.partial";
        volume.good("head -c 90000 /dev/urandom | gzip >wal/receiving/000000010000000000000006.gz.partial");
        volume.copy();
        assertThat(there.resolve(tail))
                .hasSameBinaryContentAs(volume.local("wal/receiving/000000010000000000000006.gz.partial"));
        byte[] longest = bytes(there.resolve(tail));
        volume.good("echo begun anew | gzip >wal/receiving/000000010000000000000006.gz.partial");
        volume.copy();
        assertThat(there.resolve(tail)).hasBinaryContent(longest);
        volume.good("rm wal/receiving/* && head -c 99 /dev/urandom | gzip >wal/000000010000000000000006.gz");
        volume.copy();
        assertThat(volume.copied()).contains("wal/000000010000000000000006.gz").doesNotContain(tail);
    }

    /** As after a restart of the receiver: what was flushed at each commit comes again, and packs better. */
    @Test
    void a_tail_that_holds_more_takes_the_place_of_one_that_only_packs_larger() {
        Path sent = there.resolve("wal-tail/" + OffsiteVolume.TAIL);
        Path received = volume.local("wal/receiving/" + OffsiteVolume.TAIL);
        Map<String, String> counting = Map.of(
                "PATH", volume.before("case \" $* \" in *' cat '*/wal-tail/*) echo asked >>$REMOTE/asked ;; esac"));
        volume.good("head -c 90000 /dev/urandom | gzip | head -c 80000 >wal/receiving/" + OffsiteVolume.TAIL);
        volume.copy(counting);
        volume.good("head -c 300000 /dev/zero | gzip | head -c 300 >wal/receiving/" + OffsiteVolume.TAIL);
        volume.copy(counting);
        assertThat(sent).hasSameBinaryContentAs(received);
        volume.copy(counting);
        assertThat(remote.folder().resolve("asked")).as("what this copy sent").doesNotExist();
        volume.good("rm copied-tails && cp wal/receiving/" + OffsiteVolume.TAIL + " $REMOTE/most"
                + " && head -c 90000 /dev/urandom | gzip >wal/receiving/" + OffsiteVolume.TAIL);
        volume.copy(counting);
        volume.copy(counting);
        assertThat(sent).hasSameBinaryContentAs(remote.folder().resolve("most"));
        assertThat(remote.folder().resolve("asked")).hasContent("asked");
    }

    @Test
    void names_a_damaged_copy_keeps_it_and_copies_anew() {
        volume.copy();
        volume.good("printf x | dd of=$REMOTE/postgresql/" + DUMP + " bs=1 seek=40 conv=notrunc status=none");
        volume.good("truncate -s 100 $REMOTE/postgresql/" + SEGMENT);
        Tool.Result result = volume.verify();
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .contains(DUMP + " is damaged off-site: kept as damaged/" + DUMP + ".")
                .contains(SEGMENT + " is damaged off-site");
        assertThat(there.resolve(DUMP)).hasSameBinaryContentAs(volume.local(DUMP));
        assertThat(there.resolve(SEGMENT)).hasSameBinaryContentAs(volume.local(SEGMENT));
        assertThat(volume.copied().stream().filter(name -> name.startsWith("damaged/")))
                .hasSize(2);
        assertThat(Project.read(remote.backups().resolve("offsite/last-copy.env")))
                .contains("REPLACED=2\n");
    }

    @Test
    void never_overwrites_a_good_copy_by_a_damaged_file_or_by_other_content() {
        volume.copy();
        byte[] dump = bytes(there.resolve(DUMP));
        byte[] segment = bytes(there.resolve(SEGMENT));
        String marker = Project.read(there.resolve("last-copy.env"));
        volume.good("printf x | dd of=" + DUMP + " bs=1 seek=40 conv=notrunc status=none");
        volume.good("echo the WAL of somebody else | gzip >" + SEGMENT);
        Tool.Result result = volume.verify();
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains(DUMP + " differs off-site, and the one on the backup volume is damaged: neither was touched")
                .contains(SEGMENT + " is sound off-site, but other content than here: not overwritten");
        assertThat(there.resolve(DUMP)).hasBinaryContent(dump);
        assertThat(there.resolve(SEGMENT)).hasBinaryContent(segment);
        assertThat(Project.read(there.resolve("last-copy.env"))).isEqualTo(marker);
    }

    @Test
    void does_not_send_what_is_damaged_here() {
        volume.good("printf x | dd of=" + BASE + "/base.tar.gz bs=1 seek=4 conv=notrunc status=none");
        Tool.Result result = volume.copy();
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains(BASE + "/base.tar.gz is damaged on the backup volume and was not copied");
        assertThat(volume.copied()).doesNotContain(BASE + "/base.tar.gz", "last-copy.env");
    }

    @Test
    void refuses_the_remote_of_another_database() {
        volume.copy();
        volume.good("echo 7999999999999999999 >wal/system-identifier");
        for (String script : List.of("offsite.sh", "fetch-offsite.sh")) {
            Tool.Result result = remote.run(script, Map.of());
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.output())
                    .contains("holds the backups of database system 7441234567890123456, here is 7999999999999999999");
        }
    }

    @Test
    void keeps_the_newest_whatever_its_age_and_removes_what_nothing_needs() {
        volume.base("20260102_030000", "0/5000028");
        volume.dump("20260103_020000");
        assertThat(remote.run("offsite.sh", Map.of("OFFSITE_RETENTION_DAYS", "36500"))
                        .status())
                .isZero();
        assertThat(volume.copied()).contains(DUMP, BASE + "/SHA256SUMS", SEGMENT);
        Tool.Result result = remote.run("offsite.sh", Map.of("OFFSITE_RETENTION_DAYS", "1"));
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(volume.copied())
                .contains(
                        "postgresql_backup_20260103_020000.sql.gz",
                        "base/postgresql_base_20260102_030000/base.tar.gz",
                        "wal/000000010000000000000005.gz",
                        "wal/00000002.history.gz")
                .doesNotContain(DUMP, DUMP + ".sha256", BASE + "/base.tar.gz", BASE + "/SHA256SUMS", SEGMENT);
        assertThat(remote.run("offsite.sh", Map.of("OFFSITE_RETENTION_DAYS", "1"))
                        .output())
                .contains(" 0 new, 0 replaced, 0 past the retention");
    }

    @Test
    void brings_everything_back_and_never_overwrites() {
        volume.copy();
        volume.good("rm -rf $REMOTE/before && mkdir $REMOTE/before && cp -r * $REMOTE/before");
        volume.good("rm -rf base " + DUMP + "* wal && mkdir -p wal && head -c 77 /dev/urandom | gzip >" + SEGMENT);
        Tool.Result result = remote.run("fetch-offsite.sh", Map.of());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains(SEGMENT + " is here with another size than off-site: kept as it is");
        volume.good("rm " + SEGMENT);
        Tool.Result again = remote.run("fetch-offsite.sh", Map.of());
        assertThat(again.status()).as(again.output()).isZero();
        for (String file : List.of(DUMP, DUMP + ".sha256", BASE + "/base.tar.gz", BASE + "/SHA256SUMS", SEGMENT)) {
            assertThat(volume.local(file))
                    .hasSameBinaryContentAs(remote.folder().resolve("before/" + file));
        }
        assertThat(volume.local("wal/000000010000000000000006.gz.partial"))
                .hasSameBinaryContentAs(
                        remote.folder().resolve("before/wal/receiving/000000010000000000000006.gz.partial"));
        assertThat(volume.local(".offsite-incoming")).doesNotExist();
    }

    @Test
    void takes_nothing_that_was_damaged_there() {
        volume.copy();
        volume.good("rm -rf base " + DUMP + "*");
        volume.good("for f in " + DUMP + " " + BASE
                + "/base.tar.gz; do printf x | dd of=$REMOTE/postgresql/$f bs=1 seek=4 conv=notrunc status=none; done");
        Tool.Result result = remote.run("fetch-offsite.sh", Map.of());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains(DUMP + " off-site is damaged: not taken")
                .contains(BASE + " off-site is not what its SHA256SUMS says: not taken");
        assertThat(volume.local(DUMP)).doesNotExist();
        assertThat(volume.local(BASE)).doesNotExist();
    }

    @Test
    void brings_back_one_dump() {
        volume.copy();
        volume.good("rm -rf base wal " + DUMP + "*");
        Tool.Result result = remote.run("fetch-offsite.sh", Map.of(), DUMP);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(volume.local(DUMP)).exists();
        assertThat(volume.local(DUMP + ".sha256")).exists();
        assertThat(volume.local("base")).doesNotExist();
        assertThat(remote.run("fetch-offsite.sh", Map.of(), "../x").status()).isEqualTo(64);
        assertThat(remote.run("fetch-offsite.sh", Map.of(), "postgresql_backup_20200101_000000.sql.gz")
                        .output())
                .contains("has nothing to fetch of that name");
    }

    @Test
    void encrypts_and_compares_what_it_encrypted() {
        Map<String, String> crypt = Map.of("OFFSITE_REMOTE", "secret:postgresql", "OFFSITE_ENCRYPTED", "true");
        Tool.Result result = remote.run("offsite.sh", crypt);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(OffsiteVolume.files(remote.folder().resolve("crypt")))
                .hasSize(13)
                .noneMatch(name -> name.contains("postgresql_backup"));
        assertThat(remote.run("offsite.sh", crypt, "--verify").output()).contains("11 files, 0 new, 0 replaced");
        volume.good("rm -rf " + DUMP + "*");
        assertThat(remote.run("fetch-offsite.sh", crypt).status()).isZero();
        assertThat(remote.bash("sha256sum -c " + DUMP + ".sha256").status()).isZero();
    }

    @Test
    void a_remote_of_the_pod_s_identity_needs_no_configuration_file() {
        Map<String, String> nothing = Map.of("RCLONE_CONFIG_FILE", "");
        assertThat(volume.copy(nothing).output())
                .contains("set neither RCLONE_CONFIG_FILE nor RCLONE_CONFIG_REMOTE_TYPE");
        Map<String, String> identity = Map.of(
                "RCLONE_CONFIG_FILE", "",
                "RCLONE_CONFIG_OFFSITE_TYPE", "alias",
                "RCLONE_CONFIG_OFFSITE_REMOTE", remote.folder().toString());
        Tool.Result result = volume.copy(identity);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(volume.copied()).contains(DUMP, "last-copy.env");
        assertThat(remote.run("fetch-offsite.sh", identity).status()).isZero();
    }

    @Test
    void says_that_it_cannot_connect_and_what_the_environment_lacks() {
        Tool.Result result = remote.run("offsite.sh", Map.of("OFFSITE_REMOTE", "nowhere:postgresql"));
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.output())
                .contains("nowhere:postgresql cannot be read")
                .contains("backup.offsite.egressCidrs");
        assertThat(volume.local("offsite/last-copy.env")).doesNotExist();
        Tool.Result unknown = remote.run("offsite.sh", Map.of("OFFSITE_REMOTE", "typo:postgresql"));
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(remote.run("offsite.sh", Map.of("RCLONE_CONFIG_FILE", "/nowhere/rclone.conf"))
                        .output())
                .contains("add the key rclone.conf to the Secret");
        assertThat(remote.run("offsite.sh", Map.of("OFFSITE_RETENTION_DAYS", "0"))
                        .status())
                .isEqualTo(64);
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
