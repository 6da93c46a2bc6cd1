package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** After a recovery a moment before it may be on another timeline than the newest: that one is not followed without a word. */
@Tag("long")
class PitrBranchIT {

    private LocalPair pair;
    private LocalInstance primary;
    private LocalRepository repository;
    private String early = "";
    private String late = "";

    @BeforeEach
    void recoverTooFar() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        repository = new LocalRepository(pair).receive(primary);
        primary.createRows().insert(2, "a");
        repository.backUp(primary);
        primary.insert(1, "x");
        early = now();
        primary.insert(2, "b");
        repository.switchSegment(primary);
        primary.insert(2, "b");
        late = now();
        primary.insert(2, "c");
        repository.awaitArchived(primary);
        recover("--target-time", early);
        assertThat(primary.rows()).isEqualTo("a=2 x=1");
        repository.receive(primary);
    }

    @AfterEach
    void stop() {
        repository.close();
        pair.close();
    }

    @Test
    void a_second_recovery_to_a_later_time_than_the_first_names_its_timeline() {
        primary.insert(1, "d");
        repository.awaitArchived(primary);
        String first = kept().get(0);
        for (String last : List.of("--dry-run", "--yes")) {
            Tool.Result refused = restore("--target-time", late, last);
            assertThat(refused.status()).as(refused.output()).isEqualTo(1);
            assertThat(refused.output())
                    .contains("timeline 17 ", "timeline 1 ", "--timeline 17", "--timeline 1 ", "nothing was touched");
            assertThat(primary.rows()).isEqualTo("a=2 d=1 x=1");
        }
        // A moment that both have, and one that only the newest timeline has.
        assertThat(restore("--target-time", early, "--dry-run").status()).isZero();
        assertThat(restore("--target-time", late, "--timeline", "17", "--dry-run")
                        .status())
                .isZero();
        Tool.Result result = recover("--target-time", late, "--timeline", "1");
        assertThat(primary.rows()).isEqualTo("a=2 b=4 x=1");
        assertThat(kept())
                .as("the first one is not gone back before")
                .hasSize(2)
                .contains(first);
        assertThat(result.output()).contains(first + " is kept as well");

        repository.receive(primary);
        primary.insert(1, "e");
        String after = now();
        primary.insert(1, "f");
        repository.awaitArchived(primary);
        recover("--target-time", after);
        assertThat(primary.rows()).isEqualTo("a=2 b=4 e=1 x=1");
        assertThat(kept())
                .as("each goes on where what was recovered does not")
                .hasSize(3)
                .contains(first);
    }

    @Test
    void a_copy_goes_when_all_of_it_is_in_what_was_recovered() {
        String first = kept().get(0);
        primary.insert(1, "d");
        repository.awaitArchived(primary);
        recover("--latest");
        String second = kept().get(1);
        repository.receive(primary);
        repository.awaitArchived(primary);
        Tool.Result result = recover("--latest");
        assertThat(primary.rows()).isEqualTo("a=2 d=1 x=1");
        assertThat(kept()).hasSize(2).contains(first).doesNotContain(second);
        assertThat(result.output()).contains(second + " is removed: all of its log is in what was recovered");
    }

    /** What the first one left may be the only copy of it, as where the archive has not received all. */
    @Test
    void a_recovery_to_a_moment_before_an_earlier_one_removes_nothing() {
        primary.insert(1, "d");
        repository.awaitArchived(primary);
        String first = kept().get(0);
        recover("--target-time", late, "--timeline", "17");
        assertThat(primary.rows()).isEqualTo("a=2 x=1");
        assertThat(kept()).hasSize(2).contains(first);
    }

    /** Where the newest timeline has nothing that is later than the target, too. */
    @Test
    void the_timelines_are_named_before_anything_was_written_on_the_newest() {
        repository.awaitArchived(primary);
        Tool.Result refused = restore("--target-time", late, "--dry-run");
        assertThat(refused.status()).as(refused.output()).isEqualTo(1);
        assertThat(refused.output()).contains("--timeline 1 ");
    }

    private Tool.Result recover(String... arguments) {
        String[] all = new String[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--yes";
        Tool.Result result = restore(all);
        assertThat(result.status()).as(result.output() + primary.log()).isZero();
        return result;
    }

    private Tool.Result restore(String... arguments) {
        return primary.script(Map.of(), "restore-pitr.sh", arguments);
    }

    private String now() {
        return primary.sql("SELECT clock_timestamp()");
    }

    private List<String> kept() {
        return primary.run("sh", "-c", "ls -d " + primary.data() + ".before-pitr-*")
                .output()
                .lines()
                .toList();
    }
}
