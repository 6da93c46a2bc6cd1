package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Point-in-time recovery where base backups and WAL are only outside of the cluster any more. */
@Tag("long")
class OffsitePitrIT {

    private LocalPair pair;
    private LocalInstance primary;
    private LocalRepository repository;
    private LocalRemote remote;
    private String first = "";
    private String second = "";
    private String moment = "";

    /** Two base backups, rows before and after each, all of it copied. */
    @BeforeEach
    void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        repository = new LocalRepository(pair).receive(primary);
        remote = new LocalRemote(pair.local());
        primary.createRows().insert(3, "a");
        first = repository.backUp(primary);
        primary.insert(3, "b");
        repository.switchSegment(primary);
        primary.insert(3, "c");
        moment = primary.sql("SELECT clock_timestamp()");
        primary.insert(3, "d");
        repository.switchSegment(primary);
        second = repository.backUp(primary);
        primary.insert(3, "e");
        repository.switchSegment(primary);
        repository.awaitArchived(primary);
        run("offsite.sh");
    }

    @AfterEach
    void stop() {
        repository.close();
        pair.close();
    }

    @Test
    void recovers_from_what_only_the_copy_outside_has_and_fetches_no_more() {
        lose("base/* wal/0* wal/system-identifier");
        OffsiteRequest request = recover("--target-time", moment, "--yes");
        run("fetch-offsite.sh");
        assertRestored(request, "a=3 b=3 c=3");
        assertThat(repository.base(first)).exists();
        assertThat(repository.base(second))
                .as("the base backup after the target")
                .doesNotExist();
    }

    @Test
    void recovers_where_one_segment_is_damaged_and_a_base_backup_incomplete() {
        lose("base/" + first + " base/" + second + "/base.tar.gz");
        String newest = repository.files("", ".gz").stream()
                .map(file -> file.getFileName().toString())
                .reduce((earlier, later) -> later)
                .orElseThrow();
        assertThat(primary.run(
                                "sh",
                                "-ec",
                                "printf x | dd of=" + repository.wal().resolve(newest)
                                        + " bs=1 seek=30 conv=notrunc status=none")
                        .status())
                .isZero();
        OffsiteRequest request = recover("--latest", "--yes");
        run("offsite.sh");
        assertRestored(request, "a=3 b=3 c=3 d=3 e=3");
        assertThat(repository.base(first)).as("older than what was needed").doesNotExist();
        assertThat(primary.run(
                                "ls",
                                repository.folder() + "/offsite/damaged/base",
                                repository.folder() + "/offsite/damaged/wal")
                        .output())
                .contains(second + ".", newest + ".");
    }

    @Test
    void asks_for_nothing_where_all_is_here_and_hands_on_what_is_nowhere() {
        Tool.Result here = primary.script(
                OffsiteRequest.offsite(), "restore-pitr.sh", "--target-time", moment, "--from", "offsite", "--dry-run");
        assertThat(here.status()).as(here.output()).isZero();
        assertThat(here.output()).contains("the backup volume has all that is needed", "nothing was touched");
        assertThat(repository.folder().resolve("offsite/request")).doesNotExist();
        assertThat(repository.folder().resolve("offsite/answer")).doesNotExist();

        Tool.Result future = primary.script(
                OffsiteRequest.offsite(),
                "restore-pitr.sh",
                "--target-time",
                "2099-01-01T00:00:00Z",
                "--from",
                "offsite");
        assertThat(future.status()).isEqualTo(1);
        assertThat(future.output())
                .contains("is in the future; nothing was touched")
                .doesNotContain("asked");

        OffsiteRequest early = recover("--target-time", "2001-01-01T00:00:00Z");
        assertThat(remote.run("fetch-offsite.sh", Map.of()).status()).isEqualTo(1);
        Tool.Result result = early.await();
        assertThat(result.status()).as(result.output()).isEqualTo(1);
        assertThat(result.output()).contains("has nothing to fetch of that name (2001-01-01T00:00:00Z)");

        // What the copy has not got either: the recovery itself refuses, when all that there is has come.
        OffsiteRequest never = recover("--target-name", "never");
        run("fetch-offsite.sh");
        Tool.Result refused = never.await();
        assertThat(refused.status()).as(refused.output()).isEqualTo(1);
        assertThat(refused.output()).contains("name never is not in the archive");
        assertThat(primary.rows()).isEqualTo("a=3 b=3 c=3 d=3 e=3");
        assertThat(primary.timeline()).isEqualTo("00000001");
        assertThat(primary.run("ls", primary.data() + "/..").output()).isEqualToIgnoringWhitespace("pgdata state");
    }

    private OffsiteRequest recover(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "restore-pitr.sh";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return OffsiteRequest.start(primary, repository.folder(), Map.of(), command)
                .awaitAsked();
    }

    private void assertRestored(OffsiteRequest request, String rows) {
        Tool.Result result = request.await();
        assertThat(result.status())
                .as(result.output() + repository.listing() + primary.log())
                .isZero();
        assertThat(result.output()).contains("the backup volume alone will not do: ", "it is on the backup volume");
        assertThat(primary.rows()).isEqualTo(rows);
        assertThat(primary.timeline()).isEqualTo(Timelines.name(17));
    }

    private void lose(String files) {
        Tool.Result result = remote.bash("rm -r " + files);
        assertThat(result.status()).as(result.output()).isZero();
    }

    private void run(String script) {
        // The names of these base backups are of another year.
        Tool.Result result = remote.run(script, Map.of("OFFSITE_RETENTION_DAYS", "36500"));
        assertThat(result.status()).as(result.output()).isZero();
    }
}
