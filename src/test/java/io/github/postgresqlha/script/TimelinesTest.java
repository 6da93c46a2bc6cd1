package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers that lib/timelines.sh gives, and the history files that it makes and drops. */
class TimelinesTest {

    private static final String SCRIPTS = "src/main/resources/io/github/postgresqlha/script/";

    @TempDir
    private Path home;

    private Path data;

    @BeforeEach
    void make() throws IOException {
        data = home.resolve("pgdata");
        Files.createDirectories(data.resolve("pg_wal"));
        Files.createDirectory(home.resolve("state"));
    }

    @Test
    void gives_each_member_numbers_of_its_own() {
        String loop = "for MEMBER_NUMBER in {1..16}; do for c in {1..200} 99999; do "
                + "echo \"$MEMBER_NUMBER $c $(next_own_timeline $c)\"; done; done";
        List<String> lines = run("1", loop).output().lines().toList();
        assertThat(lines).hasSize(16 * 201);
        assertThat(lines).allSatisfy(line -> {
            int[] fact = Stream.of(line.split(" ")).mapToInt(Integer::parseInt).toArray();
            assertThat(fact[2] % 16).isEqualTo(fact[0] % 16);
            assertThat(fact[2]).isBetween(fact[1] + 1, fact[1] + 16);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "17", "01", "-1", "x[$(touch$IFS/tmp/x)]"})
    void promotes_nobody_without_a_number(String number) {
        assertThat(run(number, "reserve_timelines " + data + " 1").status()).isEqualTo(1);
        assertThat(histories()).isEmpty();
    }

    /** Two members take turns, three thousand times: each number is new, the owner's, and the first that is free. */
    @Test
    void never_gives_a_number_twice() {
        String turns = "current=1; for ((turn = 0; turn < 3000; turn++)); do MEMBER_NUMBER=$((RANDOM % 5 + 1));"
                + " next=$(next_own_timeline $current); ((next > current && next % 16 == MEMBER_NUMBER)) || exit 9;"
                + " current=$next; done";
        assertThat(run("1", turns).status()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1,1,17", "2,1,2", "3,1,3", "1,2,17", "2,17,18", "1,18,33", "2,3,18", "10,33,42", "16,17,32"})
    void leaves_the_own_number_as_the_first_that_is_free(String member, int current, int own) {
        real(current);
        Tool.Result result = run(member, "reserve_timelines " + data + " " + current);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(histories().keySet())
                .containsExactlyElementsOf(IntStream.range(2, own).boxed().toList());
        assertThat(firstFree(current)).isEqualTo(own);
        assertThat(histories().get(current)).isEqualTo(current == 1 ? null : "1\t0/3000000\tno reason\n");
    }

    /** A walreceiver was cut while it fetched: the numbers that it brought belong to a timeline that exists somewhere. */
    @Test
    void goes_above_all_that_was_ever_heard_of() {
        IntStream.rangeClosed(2, 17).forEach(this::placeholder);
        assertThat(run("1", "reserve_timelines " + data + " 1").status()).isZero();
        assertThat(firstFree(1)).isEqualTo(33);
        real(40);
        assertThat(run("1", "reserve_timelines " + data + " 1").status()).isZero();
        assertThat(firstFree(1)).isEqualTo(49);
    }

    /** What a member knows by itself goes back in time with a snapshot of its volume. */
    @ParameterizedTest
    @CsvSource({"2,2,18", "17,2,18", "18,2,34", "99999,2,2", "x,2,2", "-4,2,2"})
    void goes_above_all_that_the_archive_has(String noted, String member, int own) throws IOException {
        Files.writeString(home.resolve("archive-timeline"), noted + "\n");
        Tool.Result result = run(member, "RUNTIME_DIRECTORY=" + home + "; reserve_timelines " + data + " 1");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(firstFree(1)).isEqualTo(own);
    }

    @Test
    void does_not_count_to_a_number_that_is_no_timeline_of_ours() {
        real(0x7FFFFFFF);
        assertThat(run("1", "reserve_timelines " + data + " 1").status()).isZero();
        assertThat(firstFree(1)).isEqualTo(17);
    }

    @Test
    void a_second_attempt_takes_the_same_number() {
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThat(run("3", "reserve_timelines " + data + " 5").status()).isZero();
            assertThat(firstFree(5)).isEqualTo(19);
        }
    }

    /** Its data were replaced by a copy of a member that never heard of its own time as primary. */
    @Test
    void a_copy_of_another_member_does_not_take_a_number_again() throws IOException {
        IntStream.rangeClosed(2, 16).forEach(this::placeholder);
        real(17);
        assertThat(run("1", "keep_timelines " + data + " 17").status()).isZero();
        for (int number : histories().keySet()) {
            Files.delete(file(number));
        }
        real(2);
        assertThat(run("1", "reserve_timelines " + data + " 2").status()).isZero();
        assertThat(firstFree(2)).isEqualTo(33);
    }

    @Test
    void a_primary_has_a_history_under_every_number_up_to_its_own() {
        real(34);
        real(7);
        assertThat(run("2", "keep_timelines " + data + " 34").status()).isZero();
        assertThat(histories().keySet())
                .containsExactlyElementsOf(IntStream.rangeClosed(2, 34).boxed().toList());
        assertThat(histories().get(7)).isNotEmpty();
    }

    @Test
    void never_invents_the_history_of_the_timeline_it_is_on() {
        Tool.Result result = run("2", "keep_timelines " + data + " 18");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("00000012.history: missing or empty");
        assertThat(histories()).hasSize(16);
    }

    @Test
    void drops_placeholders_that_nothing_real_follows() {
        IntStream.rangeClosed(2, 20).forEach(this::placeholder);
        real(17);
        assertThat(run("1", "drop_placeholders " + data + " 2").status()).isZero();
        assertThat(histories().keySet())
                .containsExactlyElementsOf(IntStream.rangeClosed(2, 17).boxed().toList());
    }

    @Test
    void keeps_those_up_to_the_control_files_timeline_and_drops_those_before_a_gap() {
        IntStream.rangeClosed(2, 9).forEach(this::placeholder);
        real(17);
        assertThat(run("1", "drop_placeholders " + data + " 3").status()).isZero();
        assertThat(histories().keySet()).containsExactly(2, 3, 17);
    }

    @Test
    void says_so_where_a_file_cannot_be_made_or_removed() throws IOException {
        placeholder(4);
        Files.delete(file(4));
        Files.delete(data.resolve("pg_wal"));
        assertThat(run("1", "reserve_timelines " + data + " 1").status()).isEqualTo(1);
        assertThat(run("1", "keep_timelines " + data + " 1").status()).isEqualTo(1);
        Files.createDirectory(data.resolve("pg_wal"));
        placeholder(4);
        assertThat(run("1", "rm() { return 1; }; xargs() { cat >/dev/null; rm; }; drop_placeholders " + data + " 1")
                        .status())
                .isEqualTo(1);
    }

    /** As PostgreSQL writes it after a recovery to a place on timeline 2, along timeline 33. */
    @Test
    void a_history_has_nothing_beyond_the_place_that_was_recovered_to() {
        String text = "1\\t0/60\\tx\\n2\\t0/70\\tx\\n17\\t0/80\\tx\\n18\\t0/90\\tx\\n33\\t0/68\\tbefore\\n";
        assertThat(run(
                                "1",
                                "source lib/facts.sh; source lib/lsn.sh; source backup/repository.sh; source wal/timeline.sh; printf '"
                                        + text + "' | history_of 49")
                        .output())
                .isEqualTo("1 0 96\n2 96 104\n49 104 9223372036854775807\n");
    }

    /** The number that PostgreSQL takes: it counts up to the first that has no history file. */
    private int firstFree(int current) {
        return IntStream.iterate(current + 1, number -> number + 1)
                .filter(number -> !Files.exists(file(number)))
                .findFirst()
                .orElseThrow();
    }

    private void placeholder(int number) {
        write(number, "");
    }

    private void real(int number) {
        if (number > 1) {
            write(number, "1\t0/3000000\tno reason\n");
        }
    }

    private void write(int number, String text) {
        try {
            Files.writeString(file(number), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path file(int number) {
        return data.resolve(String.format(Locale.ROOT, "pg_wal/%08X.history", number));
    }

    private Map<Integer, String> histories() {
        Map<Integer, String> found = new TreeMap<>();
        for (Path path : Project.filesBelow(data.resolve("pg_wal"))) {
            String name = path.getFileName().toString();
            found.put(
                    Integer.parseUnsignedInt(name.substring(0, 8), 16),
                    Project.read(data.resolve("pg_wal").resolve(path)));
        }
        return found;
    }

    private Tool.Result run(String member, String commands) {
        ProcessBuilder bash = new ProcessBuilder(
                "bash",
                "-Eeuo",
                "pipefail",
                "-c",
                "source lib/log.sh; source lib/durable.sh; source lib/timelines.sh; " + commands);
        bash.environment().put("MEMBER_NUMBER", member);
        return Tool.run(bash, Project.file(SCRIPTS));
    }
}
