package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Recovery takes a damaged record for the end of the log; in the last segment nothing that comes later contradicts it. */
@Tag("long")
class DamagedTailIT {

    /** Cut after each page, as a stop of the sender does it; then with a byte of each page changed. */
    private static final String EACH_PAGE = """
            set -Eeuo pipefail
            script_dir=$1 BACKUP_DIRECTORY=$2 scan=$3 segment_bytes=16777216 file=$3/original
            source "$script_dir/lib/lsn.sh"; source "$script_dir/lib/facts.sh"
            source "$script_dir/backup/repository.sh"; source "$script_dir/wal/files.sh"
            partial=$(echo "$BACKUP_DIRECTORY"/wal/receiving/*.partial)
            name=${partial##*/} name=${name%%.*}
            mkdir "$scan/part"; unpacked "$partial" >"$file" 2>/dev/null || true; truncate -s $segment_bytes "$file"
            end=$(end_of_records "$partial"); pages=$((($(lsn_bytes "$end") % segment_bytes) / 8192))
            whole=0 damaged=0
            for ((page = 1; page <= pages; page++)); do
              part=$scan/part/$name
              head -c $((page * 8192)) "$file" >"$part"; truncate -s $segment_bytes "$part"
              found=$(end_of_records "$part")
              [[ -n "$found" && -n "$(behind "$found" "$part")" ]] || whole=$((whole + 1))
              cp "$file" "$part"
              printf '\\377' | dd of="$part" bs=1 seek=$((page * 8192 - 4000)) conv=notrunc status=none
              cmp -s "$file" "$part" && echo "unchanged page $page" && exit 1
              found=$(end_of_records "$part")
              [[ -n "$found" && -z "$(behind "$found" "$part")" ]] || damaged=$((damaged + 1))
            done
            echo "$pages pages, $whole whole, $damaged damaged"
            """;

    private LocalPair pair;
    private LocalInstance primary;
    private LocalRepository repository;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        repository = new LocalRepository(pair).receive(primary);
        primary.createRows().insert(5, "a");
        repository.backUp(primary);
    }

    @AfterEach
    void stop() {
        repository.close();
        pair.close();
    }

    @Test
    void restores_what_is_before_it_and_says_so() {
        primary.insert(1, "needle");
        primary.insert(7, "after");
        repository.awaitArchived(primary);
        repository.close();
        primary.run(
                "bash",
                "-euc",
                "cd " + repository.wal()
                        + "/receiving && for f in *.gz.partial; do { gzip -dc $f 2>x.err || true; } | LC_ALL=C sed s/needle/nEEdle/ | gzip >x && mv x $f; done");
        Tool.Result restored = restore();
        assertThat(restored.status()).as(restored.output()).isZero();
        assertThat(restored.output()).contains("but the next record is damaged", "are NOT restored");
        assertThat(primary.rows()).isEqualTo("a=5");
    }

    /** The record of a large row goes over many pages, and the sender may stop after any of them. */
    @Test
    void tells_a_record_that_was_being_received_from_damage() {
        primary.insert(3, "'||repeat(md5(i::text),2000)||'");
        primary.sql(
                "airflow",
                "airflow",
                "ALTER TABLE rows ALTER note SET STORAGE PLAIN; SELECT pg_logical_emit_message(true, 'x', repeat('large ', 20000))");
        primary.insert(9, "b");
        repository.awaitArchived(primary);
        repository.close();
        Tool.Result looked = primary.run(
                "bash",
                "-c",
                EACH_PAGE,
                "each",
                pair.local().scripts().toString(),
                repository.folder().toString(),
                pair.local().makeFolder("scan").toString());
        assertThat(looked.output()).matches("(\\d\\d+) pages, \\1 whole, \\1 damaged\\s*");
        Tool.Result restored = restore();
        assertThat(restored.status()).as(restored.output()).isZero();
        assertThat(restored.output()).doesNotContain("NOT restored");
        assertThat(primary.rows()).contains("b=9");
    }

    private Tool.Result restore() {
        return primary.script(Map.of(), "restore-pitr.sh", "--latest", "--yes");
    }
}
