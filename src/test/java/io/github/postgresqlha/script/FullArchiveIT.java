package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A backup volume that is full: the database goes on, the archiver waits and says so, and nothing is missing afterwards. */
@Tag("long")
class FullArchiveIT {

    @Test
    void waits_and_goes_on_where_it_was() throws IOException {
        try (LocalPair pair = LocalPair.streaming()) {
            Path small = pair.local().makeFolder("small");
            try (SmallVolume volume = SmallVolume.mount(small, 40);
                    LocalArchiver archiver = new LocalArchiver(pair, volume.folder())) {
                fill(pair.primary(), archiver.awaitStreaming(pair.primary()), small);
            }
        }
    }

    private static void fill(LocalInstance primary, LocalArchiver archiver, Path small) throws IOException {
        String first = archiver.switchSegment(primary);
        primary.createRows();
        primary.run("bash", "-c", "head -c 60M /dev/urandom > " + small + "/ballast");
        primary.sql(
                "airflow",
                "airflow",
                "CREATE TABLE much AS SELECT i, md5(i::text) FROM generate_series(1, 300000) AS i");
        archiver.awaitLog("the backup volume is full (");
        primary.insert(10, "while it is full");
        assertThat(primary.rows()).isEqualTo("while it is full=10");
        assertThat(Project.read(archiver.wal().resolve("archiver.state"))).doesNotContain("STATE=stopped");
        primary.run("rm", small + "/ballast");
        archiver.awaitStreaming(primary);
        String last = archiver.switchSegment(primary);
        List<String> segments = archiver.segments();
        assertThat(segments)
                .hasSize((int) (LocalArchiver.number(last) - LocalArchiver.number(segments.get(0)) + 1))
                .contains(first, last);
        assertThat(archiver.wal().resolve("chain-broken")).doesNotExist();
        archiver.assertReadable(segments.get(0), last);
    }
}
