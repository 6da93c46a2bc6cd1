package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member or a file on the backup volume says may be anything: nothing of it runs, and nothing ends. */
class HostileAnswerTest {

    /** 10,000 hostile lines in all. */
    private static final int ANSWERS = 1_250;

    private static final int LINES = 8;
    private static final String END = "=== end of an answer";

    private static final String GOOD = """
            role=primary
            system=7400000000000000001
            timeline=3
            lsn=0/3000060
            receiver=-
            replay_paused=no
            replay_age=0
            apply_delay=0
            connections=5
            max_connections=100
            checksum_failures=0
            pending_restart=0
            version=170010
            synchronous=no
            blocks_hit=1000
            blocks_read=10
            transaction_age=12
            long_transaction=12 34 airflow
            idle_transaction=0 0 -
            lock_wait=0 0 0
            idle_sessions=3 10.0.0.1 airflow
            overridden=-
            drifted_roles=-
            clock=1790000000
            slot postgresql_standby active reserved 0
            sender postgresql-standby streaming async 0 0
            notes:
            instance=postgresql-primary
            supervisor_role=primary
            role_since=1789990000
            updated=1790000000
            abandoned=0
            data_used_percent=10
            wal_used_percent=10
            backup_used_percent=10
            cpu_percent=12
            memory_percent=40
            data_growth=-1048576
            data_hours_left=100
            conflicts_in_an_hour=0
            configuration=same
            dead_rows=12000 25 public.task_instance
            newest_backup_epoch=1789990000
            archiver_state=streaming
            archiver_segment=000000030000000000000003
            archiver_updated=1790000000
            restore_test_result=good
            restore_test_reason=none
            restore_test_good_epoch=1789990000
            offsite_epoch=1789990000
            offsite_vanished=1 files since 2026-01-01T00:00:00Z, 1 of them not here either
            chain_broken=MISSING_FROM 0/1
            """;

    private static final List<String> HOSTILE = List.of(
            "$(touch MARK)",
            "`touch MARK`",
            "a[$(touch MARK)]",
            "fact[$(touch MARK)]",
            "x[0$(touch MARK)]+1",
            "1;touch MARK",
            "-1",
            "08",
            "0x7F",
            "1e9",
            "9".repeat(30),
            "",
            "%s%n%d",
            "\\",
            "'\"",
            "*",
            "../../etc",
            "$((1/0))",
            "${IFS}",
            "primary\r",
            "\u0001\u001b[31m",
            "ö".repeat(50),
            "A".repeat(5000),
            "a=b=c",
            "number",
            "key");

    private static final List<String> KEYS = List.of(
            "IFS",
            "PATH",
            "BASH_ENV",
            "fact",
            "number",
            "key",
            "a[$(touch MARK)]",
            "x y",
            "",
            "slot x",
            "sender",
            "notes");

    /** One process for all of them, so that it is fast; the other member's answer is a good one. */
    private static final String CHECKS = """
            source "$1/health-check.sh"
            MEMBER_HOSTS=postgresql-primary-0.peers,postgresql-standby-0.peers PGPORT=5432
            REPLICATION_LAG_MAX_BYTES=1 REPLICATION_LAG_MAX_SECONDS=1 CONNECTIONS_MAX_PERCENT=80 DISK_MAX_PERCENT=80 BACKUP_MAX_AGE_HOURS=26
            BASE_BACKUP_MAX_AGE_HOURS=26 RESTORE_TEST_MAX_AGE_DAYS=15 OFFSITE_MAX_AGE_MINUTES=90 WAL_ARCHIVER_SLOT=wal_archiver
            hosts=() ports=() good=$(<"$3") count=0 answer=
            for name in "${limit_names[@]}"; do [[ -n "${!name:-}" ]] || printf -v "${name}" 80; done
            read_members
            while IFS= read -r line; do
              if [[ "${line}" != "$4" ]]; then
                answer+=${line}$'\\n'
                continue
              fi
              fact=() failure=() levels=() checks=() details=() worst=0 primary=
              take_answer 0 "${answer}"
              ((count % 10 != 0)) || take_answer 1 "${good//role=primary/role=standby}"
              [[ -n "${fact[1_role]:-}" ]] || failure[1]=silent fact[1_instance]=postgresql-standby
              check_members
              ((count % 250 != 0)) || print_json >/dev/null
              count=$((count + 1)) answer=
            done <"$2"
            printf '%s answers\\n' "${count}"
            """;

    private static final String READ = """
            source "$1/health-check.sh"
            RUNTIME_DIRECTORY=$3 MEMBER_HOSTS=postgresql-primary-0.peers hosts=() ports=() levels=() checks=() details=() worst=0 primary=
            REPLICATION_LAG_MAX_BYTES=1 REPLICATION_LAG_MAX_SECONDS=1 CONNECTIONS_MAX_PERCENT=80 DISK_MAX_PERCENT=80
            query_member() { cat -- "${hostile}"; }
            for name in "${limit_names[@]}"; do [[ -n "${!name:-}" ]] || printf -v "${name}" 80; done
            read_members
            hostile=$2
            read_member 0
            check_members
            printf '%s\\n' "${details[@]}"
            """;

    private static final String NOTES = """
            script_dir=$1
            source "$1/lib/log.sh"
            source "$1/lib/facts.sh"
            source "$1/upkeep/report.sh"
            BACKUP_DIRECTORY=$2
            note_repository
            """;

    @TempDir
    Path folder;

    @Test
    void ten_thousand_lines_run_nothing_and_end_nothing() throws IOException {
        Random random = new Random(20261124);
        StringBuilder answers = new StringBuilder();
        for (int i = 0; i < ANSWERS; i++) {
            answers.append(answer(random)).append(END).append('\n');
        }
        Path file = Files.writeString(folder.resolve("answers"), answers);
        Path good = Files.writeString(folder.resolve("good"), GOOD);
        Tool.Result result = bash(CHECKS, file.toString(), good.toString(), END);
        assertThat(result.output()).isEqualTo(ANSWERS + " answers\n");
        assertThat(mark()).doesNotExist();
    }

    /** The same road as a real answer; these ran a program before. */
    @Test
    void a_figure_with_a_program_in_it_is_named_and_not_run() throws IOException {
        String text = GOOD.replace("abandoned=0", "abandoned=levels[$(touch " + mark() + ")0]")
                .replace("notes:\n", "notes:\nupdated=x[$(touch " + mark() + ")]\n");
        Path file = Files.writeString(folder.resolve("answer"), text);
        Tool.Result result = bash(READ, file.toString(), folder.toString());
        assertThat(mark()).doesNotExist();
        assertThat(result.output()).contains("not understood: ").contains("abandoned");
    }

    @Test
    void missing_and_old_figures_are_critical_and_named() throws IOException {
        Path file = Files.writeString(folder.resolve("answer"), GOOD.substring(0, GOOD.indexOf("instance=")));
        assertThat(bash(READ, file.toString(), folder.toString()).output())
                .contains("its notes lack: updated data_used_percent wal_used_percent abandoned");
        Files.writeString(file, GOOD.replace("updated=1790000000\nabandoned", "updated=1789999900\nabandoned"));
        assertThat(bash(READ, file.toString(), folder.toString()).output())
                .contains("its notes, and so the figures of its volumes, are 100 s old");
    }

    /** The archiver's state, the record of a restore test and the like are notes only where they match. */
    @Test
    void hostile_files_on_the_backup_volume_are_named_and_not_passed_on() throws IOException {
        Files.createDirectories(folder.resolve("base/postgresql_base_20260101_000000"));
        for (String name : List.of("wal", "proof", "offsite")) {
            Files.createDirectories(folder.resolve(name));
        }
        for (String value : HOSTILE.stream().filter(text -> !text.isEmpty()).toList()) {
            String bad = value.replace("MARK", mark().toString());
            Files.writeString(
                    folder.resolve("base/postgresql_base_20260101_000000/base.env"),
                    "NAME=" + bad + "\nFINISHED=" + bad + "\n");
            Files.writeString(
                    folder.resolve("wal/archiver.state"),
                    "STATE=" + bad + "!\nSEGMENT=" + bad + "\nUPDATED=" + bad + "!\n");
            Files.writeString(
                    folder.resolve("proof/restore-test.env"), "RESULT=" + bad + "\nLAST_GOOD_EPOCH=" + bad + "!\n");
            Files.writeString(folder.resolve("offsite/last-copy.env"), "FINISHED_EPOCH=" + bad + "!\n");
            Tool.Result result = bash(NOTES, folder.toString());
            assertThat(result.status()).as(result.output()).isZero();
            assertThat(result.output().lines().sorted())
                    .as(bad)
                    .containsExactly(
                            "archiver_refused=state segment updated",
                            "newest_base_refused=name finished",
                            "offsite_refused=finished_epoch",
                            "restore_test_refused=result last_good_epoch");
        }
        assertThat(mark()).doesNotExist();
    }

    /** Odd in what the server says, or in its notes only: then the rest is used. */
    private String answer(Random random) {
        List<String> lines = new ArrayList<>(GOOD.lines().toList());
        int first = random.nextInt(3) == 0 ? 0 : lines.indexOf("notes:") - 2;
        for (int change = 0; change < LINES; change++) {
            int at = first + random.nextInt(lines.size() - first);
            String line = lines.get(at);
            String value = marked(HOSTILE.get(random.nextInt(HOSTILE.size())));
            int equals = line.indexOf('=');
            if (random.nextInt(5) == 0) {
                lines.add(at, marked(KEYS.get(random.nextInt(KEYS.size()))) + "=" + value);
            } else {
                lines.set(at, equals < 0 ? line + value : line.substring(0, equals + 1) + value);
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private String marked(String text) {
        return text.replace("MARK", mark().toString());
    }

    private Path mark() {
        return folder.resolve("mark");
    }

    private static Tool.Result bash(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of("bash", "-Eeuo", "pipefail", "-c", program, "test"));
        command.add(
                Project.file("src/main/resources/io/github/postgresqlha/script").toString());
        command.addAll(List.of(arguments));
        return Tool.run(new ProcessBuilder(command));
    }
}
