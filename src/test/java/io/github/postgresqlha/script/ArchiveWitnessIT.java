package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What comes twice, differs, cannot be written or has a strange name, and a clock that is set back. */
@Tag("long")
class ArchiveWitnessIT {

    private LocalPair pair;
    private LocalInstance primary;
    private LocalArchiver archiver;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        archiver = new LocalArchiver(pair).awaitStreaming(primary);
    }

    @AfterEach
    void stop() {
        archiver.close();
        pair.close();
    }

    @Test
    void takes_a_segment_twice_and_refuses_another_content() throws IOException {
        String same = archiver.switchSegment(primary);
        primary.createRows().insert(10, "a");
        String other = archiver.switchSegment(primary);
        assertThat(archiver.stop()).isZero();
        byte[] first = Files.readAllBytes(file(same));
        byte[] second = Files.readAllBytes(file(other));
        // The first comes again, compressed otherwise; under the second's name comes what the first holds.
        shell("gzip -dc " + file(same) + " | gzip -9 >" + spool(same));
        shell("cp " + file(same) + " " + spool(other));
        archiver.start();
        archiver.awaitStreaming(primary);
        String last = archiver.switchSegment(primary);
        assertThat(Files.readAllBytes(file(same))).isEqualTo(first);
        assertThat(Files.readAllBytes(file(other))).isEqualTo(second);
        assertThat(archiver.log())
                .contains(other + ".gz: the archive has another content under this name")
                .doesNotContain(same + ".gz: the archive has another content");
        assertThat(shell("ls " + archiver.wal() + "/conflicts").output().lines())
                .singleElement()
                .asString()
                .startsWith(other + ".gz.");
        // Only the zeros that pg_receivewal begins after have this name there.
        shell("test ! -e " + spool(same) + " || test 0 = \"$(gzip -dc " + spool(same) + " | tr -d '\\0' | wc -c)\"");
        archiver.assertReadable(same, last);
    }

    @Test
    void waits_while_the_folder_cannot_be_written_and_loses_nothing() throws IOException {
        String first = archiver.switchSegment(primary);
        primary.createRows();
        assertThat(archiver.stop()).isZero();
        shell("chmod -R u-w " + archiver.wal());
        archiver.start();
        archiver.awaitLog("archiving waits, the database goes on");
        primary.insert(10, "meanwhile");
        primary.sql("SELECT pg_switch_wal()");
        assertThat(primary.rows()).isEqualTo("meanwhile=10");
        List<String> before = archiver.segments();
        shell("chmod -R u+w " + archiver.wal());
        archiver.awaitStreaming(primary);
        String last = archiver.switchSegment(primary);
        assertThat(archiver.segments()).containsAll(before);
        assertThat(archiver.segments()).hasSize((int) (LocalArchiver.number(last)
                - LocalArchiver.number(archiver.segments().get(0))
                + 1));
        archiver.assertReadable(first, last);
    }

    /** For its own waits it counts its steps; a clock that stands, as after a step back, does not stop it. */
    @Test
    void archives_while_the_clock_is_behind() throws IOException {
        String first = archiver.switchSegment(primary);
        assertThat(archiver.stop()).isZero();
        Path clock = pair.local().folder().resolve("standing-clock");
        pair.local().write(clock, "unset EPOCHSECONDS; EPOCHSECONDS=1700000000\n");
        archiver.with("BASH_ENV", clock.toString()).start();
        archiver.awaitStreaming(primary);
        archiver.switchSegment(primary);
        archiver.kill();
        archiver.start();
        archiver.awaitStreaming(primary);
        String last = archiver.switchSegment(primary);
        archiver.assertReadable(first, last);
    }

    @Test
    void gives_recovery_only_what_is_wal_and_whole() {
        String segment = archiver.switchSegment(primary);
        Path to = pair.local().folder().resolve("backups/fetched");
        for (String name : List.of("../system-identifier", "../wal/" + segment, "x", "", segment + ".gz", "$(id)")) {
            Tool.Result refused = fetch(name, to);
            assertThat(refused.status()).as(name).isEqualTo(1);
            assertThat(to).doesNotExist();
        }
        assertThat(fetch("00000001000000FF000000FF", to).status()).isEqualTo(1);
        assertThat(fetch(segment, to).status()).isZero();
        assertThat(to).hasSize(16 << 20);
        shell("truncate -s 1000 " + file(segment));
        Tool.Result damaged = fetch(segment, to);
        assertThat(damaged.status()).isEqualTo(126);
        assertThat(damaged.output()).contains("WAL segment " + segment + " is damaged: ");
    }

    private Tool.Result fetch(String name, Path to) {
        return primary.script(Map.of(), "wal/fetch.sh", name, to.toString());
    }

    private Path file(String segment) {
        return archiver.wal().resolve(segment + ".gz");
    }

    private Path spool(String segment) {
        return archiver.wal().resolve("receiving/" + segment + ".gz");
    }

    private Tool.Result shell(String command) {
        Tool.Result result = primary.run("bash", "-euc", command);
        assertThat(result.status()).as(result.output()).isZero();
        return result;
    }
}
