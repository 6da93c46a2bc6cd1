package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pair that took turns, its archive, and recoveries from it to moments on each timeline: 1, 2, 17, 18 and 33, say. */
@Tag("long")
class TimelinesArchiveIT {

    private int[] timelines = {};
    private LocalPair pair;
    private LocalInstance primary;
    private LocalRepository repository;
    private LocalArchiver archiver;

    @BeforeEach
    void start() {
        pair = LocalPair.streaming();
        primary = pair.primary();
        repository = new LocalRepository(pair);
        archiver = new LocalArchiver(pair).awaitStreaming(primary);
    }

    @AfterEach
    void stop() {
        archiver.close();
        repository.close();
        pair.close();
    }

    /** The third is 3, whoever took it, in an installation from before members had numbers of their own. */
    @ParameterizedTest
    @ValueSource(ints = {17, 3})
    void every_timeline_is_within_reach(int third) {
        timelines = new int[] {1, 2, third, 18, 33};
        List<String> moments = takeTurns();
        assertThat(primary.run("find", archiver.wal().toString(), "-name", "*.history*", "-size", "-21c")
                        .output())
                .as("placeholders in the archive")
                .isEmpty();
        assertThat(archiver.wal().resolve("conflicts")).doesNotExist();
        assertThat(newestByNumber()).as("what recovery finds by counting").isEqualTo("34 on 33 with 5");
        for (int turn = timelines.length - 2; turn >= 0; turn--) {
            recover("--target-time", moments.get(turn), "--dry-run");
        }
        recover("--target-time", moments.get(1), "--yes");
        assertThat(primary.rows()).isEqualTo("t1=1 t2=1");
        assertThat(primary.timeline()).isEqualTo(Timelines.name(49));
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        archiver.awaitStreaming(primary);
        recover("--target-time", moments.get(3), "--timeline", "33", "--yes");
        assertThat(primary.rows()).isEqualTo(third == 17 ? "t1=1 t17=1 t18=1 t2=1" : "t1=1 t18=1 t2=1 t3=1");
        assertThat(primary.timeline()).isEqualTo(Timelines.name(65));
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        archiver.awaitStreaming(primary);
        beginAnew(third);
    }

    /** A row on each timeline, and the moment after it. */
    private List<String> takeTurns() {
        List<String> moments = new ArrayList<>();
        LocalInstance now = primary.createRows();
        for (int turn = 0; turn < timelines.length; turn++) {
            if (turn == 0) {
                repository.backUp(now);
            } else {
                now = failOver(now);
            }
            assertThat(now.timeline()).isEqualTo(Timelines.name(timelines[turn]));
            now.insert(1, "t" + timelines[turn]);
            moments.add(now.sql("SELECT clock_timestamp()"));
            archiver.switchSegment(now);
        }
        now.insert(1, "u");
        now.sql("airflow", "airflow", "DELETE FROM rows WHERE note = 'u'");
        archiver.switchSegment(now);
        return moments;
    }

    private LocalInstance failOver(LocalInstance from) {
        LocalInstance to = pair.other(from);
        assertThat(from.stop()).isZero();
        Timelines.reserve(to).touchTrigger().awaitRole("primary");
        if (from == primary) {
            from.with("MEMBER_NUMBER", to.timeline().equals(Timelines.name(2)) && timelines[2] == 3 ? "3" : "1");
        }
        from.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(to);
        archiver.awaitStreaming(to);
        return to;
    }

    /** Recovers by hand, with the latest timeline as its target: PostgreSQL looks for timelines one number after the other. */
    private String newestByNumber() {
        String folder = pair.local().makeFolder("by-number").toString();
        Tool.Result result = primary.run(
                "bash",
                "-Eeuo",
                "pipefail",
                "-c",
                """
                cd "$1"; mkdir -m 700 data; tar -xzf "$BACKUP_DIRECTORY"/base/*/base.tar.gz -C data; touch data/recovery.signal
                { printf "listen_addresses = ''\\nunix_socket_directories = '%s'\\nport = 5432\\nhot_standby = off\\n" "$1"
                  printf "restore_command = '%s/wal/fetch.sh \\"%%f\\" \\"%%p\\"'\\n" "$(dirname -- "$(command -v pg_ctl)")/.."; } >data/postgresql.conf
                : >data/pg_hba.conf; echo 'local all all trust' >data/pg_hba.conf
                "$2"/bin/pg_ctl start -s -w -D data -l log; trap '"$2"/bin/pg_ctl stop -s -m immediate -D data' EXIT
                psql() { command psql -XAtqw -h "$1" -p 5432 -U "$2" -d "$3" -c "$4"; }
                until [[ "$(psql "$1" postgres postgres 'SELECT pg_is_in_recovery()' 2>/dev/null)" == f ]]; do sleep 0.2; done
                psql "$1" postgres postgres CHECKPOINT
                printf '%s on %s with %s\\n' "$(psql "$1" postgres postgres 'SELECT timeline_id FROM pg_control_checkpoint()')" \\
                  "$(tail -n 1 data/pg_wal/00000022.history | cut -f 1)" "$(psql "$1" airflow airflow 'SELECT count(*) FROM rows')"
                """,
                "by-number",
                folder,
                pair.local().programs().toString());
        return result.output().strip();
    }

    /** Another installation's first data come from it. */
    private void beginAnew(int third) {
        archiver.switchSegment(primary);
        assertThat(archiver.stop()).isZero();
        assertThat(primary.stop()).isZero();
        pair.standby().stop();
        for (LocalInstance member : List.of(primary, pair.standby())) {
            member.run(
                    "sh",
                    "-c",
                    "rm -rf " + member.data() + "* " + member.state() + " " + member.environment("WAL_DIRECTORY")
                            + "/*");
            assertThat(Files.exists(member.data())).isFalse();
        }
        primary.with("BOOTSTRAP_DIRECTORY", repository.folder().toString())
                .with("BOOTSTRAP_TARGET", "latest")
                .start()
                .awaitRole("primary");
        assertThat(primary.rows()).isEqualTo(third == 17 ? "t1=1 t17=1 t18=1 t2=1" : "t1=1 t18=1 t2=1 t3=1");
        assertThat(primary.timeline()).isEqualTo(Timelines.name(81));
    }

    private void recover(String... arguments) {
        Tool.Result result = primary.script(Map.of(), "restore-pitr.sh", arguments);
        assertThat(result.status())
                .as(result.output() + repository.listing() + primary.log())
                .isZero();
    }
}
