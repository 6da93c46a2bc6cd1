package io.github.postgresqlha.script;

import static io.github.postgresqlha.script.OffsiteVolume.BASE;
import static io.github.postgresqlha.script.OffsiteVolume.DUMP;
import static io.github.postgresqlha.script.OffsiteVolume.SEGMENT;
import static io.github.postgresqlha.script.OffsiteVolume.TAIL;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A bucket in which nothing may be removed, moved or written over: {@code backup.offsite.deletes: false}. */
@Tag("long")
class OffsiteLockedIT {

    private OffsiteVolume volume;
    private String refusing;

    @BeforeEach
    void fill() {
        volume = new OffsiteVolume();
        refusing = volume.before(
                "case \" $* \" in *' delete '* | *' deletefile '* | *' purge '* | *' move '* | *' moveto '* | *' sync '*)"
                        + " echo 'AccessDenied: object is WORM protected' >&2; exit 5 ;; esac");
    }

    @AfterEach
    void close() {
        volume.close();
    }

    @Test
    void the_copy_only_adds() {
        succeed(copy("36500"));
        volume.good("cp -r $REMOTE/postgresql $REMOTE/first");
        volume.base("20260102_030000", "0/5000028");
        volume.dump("20260103_020000");
        volume.good("head -c 90000 /dev/urandom | gzip >wal/receiving/" + TAIL);
        Tool.Result result = copy("1");
        succeed(result);
        assertThat(result.output()).contains("past the retention").doesNotContain("GONE", "WORM");
        volume.good("rm wal/receiving/* && head -c 99 /dev/urandom | gzip >wal/000000010000000000000006.gz");
        succeed(copy("1"));
        volume.good("diff -r $REMOTE/first $REMOTE/postgresql | grep -v '^Only in .*/postgresql' && exit 1 || true");
        assertThat(volume.copied())
                .contains(DUMP, BASE + "/base.tar.gz", SEGMENT, "wal/000000010000000000000006.gz")
                .doesNotContain("last-copy.env");
        assertThat(volume.copied().stream().filter(name -> name.matches("wal-tail/" + TAIL + "\\.[0-9]+")))
                .hasSize(2);
        assertThat(volume.copied().stream().filter(name -> name.matches("last-copy/[0-9_]{15}\\.env")))
                .hasSize(3);
    }

    @Test
    void the_longest_end_of_the_log_comes_back() {
        succeed(copy("36500"));
        volume.good("head -c 300000 /dev/zero | gzip >wal/receiving/" + TAIL + " && cp wal/receiving/" + TAIL
                + " $REMOTE/longest");
        succeed(copy("36500"));
        // An older version wrote the packed size behind the name; this one holds less.
        volume.good("head -c 90000 /dev/urandom | gzip >$REMOTE/postgresql/wal-tail/" + TAIL + ".900000");
        volume.good("rm -r wal/receiving");
        succeed(volume.remote().run("fetch-offsite.sh", Map.of()));
        assertThat(volume.local("wal/" + TAIL))
                .hasSameBinaryContentAs(volume.remote().folder().resolve("longest"));
        volume.good("rm wal/" + TAIL + " && head -c 99 /dev/urandom | gzip >wal/000000010000000000000006.gz");
        succeed(copy("36500"));
        volume.good("rm wal/000000010000000000000006.gz");
        succeed(volume.remote().run("fetch-offsite.sh", Map.of()));
        assertThat(volume.local("wal/" + TAIL)).as("its segment is complete").doesNotExist();
    }

    @Test
    void what_would_have_to_be_replaced_is_named() {
        succeed(copy("36500"));
        String marker = volume.note("last-copy.env");
        volume.good("truncate -s 100 $REMOTE/postgresql/" + SEGMENT + " && cp -r $REMOTE/postgresql $REMOTE/first");
        Tool.Result result = copy("36500");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains(SEGMENT + " is damaged off-site, and nothing is replaced there (offsite.deletes: false)")
                .doesNotContain("WORM");
        volume.good("diff -r $REMOTE/first $REMOTE/postgresql | grep -v '^Only in .*/postgresql' && exit 1 || true");
        assertThat(volume.note("last-copy.env")).isEqualTo(marker);
    }

    @Test
    void what_the_lifecycle_removes_is_not_gone_but_the_newest_dump_is() {
        volume.base("20260102_030000", "0/5000028");
        volume.dump("20260103_020000");
        succeed(copy("36500"));
        volume.good("cd $REMOTE/postgresql && rm -r " + BASE + " " + DUMP + "* " + SEGMENT
                + " wal/*.history.gz wal/system-identifier");
        Tool.Result lifecycle = copy("1");
        succeed(lifecycle);
        assertThat(lifecycle.output()).doesNotContain("GONE").contains("2 new");
        volume.good("rm $REMOTE/postgresql/postgresql_backup_20260103_020000.sql.gz");
        assertThat(copy("1").output()).contains("1 files that were at offsite:postgresql are GONE");
    }

    private Tool.Result copy(String days) {
        return volume.copy(
                new TreeMap<>(Map.of("PATH", refusing, "OFFSITE_DELETES", "false", "OFFSITE_RETENTION_DAYS", days)));
    }

    private static void succeed(Tool.Result result) {
        assertThat(result.status()).as(result.output()).isZero();
    }
}
