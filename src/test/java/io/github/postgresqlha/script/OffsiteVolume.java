package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A backup volume with a dump, a base backup and WAL, and its copy outside of the cluster. */
final class OffsiteVolume implements AutoCloseable {

    static final String DUMP = "postgresql_backup_20260102_020000.sql.gz";
    static final String BASE = "base/postgresql_base_20260101_030000";
    static final String SEGMENT = "wal/000000010000000000000004.gz";
    static final String TAIL = "000000010000000000000006.gz.partial";

    private final LocalRemote remote = new LocalRemote();

    OffsiteVolume() {
        dump("20260102_020000");
        base("20260101_030000", "0/3000028");
        good("""
                mkdir -p wal/receiving
                echo 7441234567890123456 >wal/system-identifier
                for n in 3 4 5; do head -c 20000 /dev/urandom | gzip >wal/00000001000000000000000$n.gz; done
                echo '1 0/5000000 no recovery target' | gzip >wal/00000002.history.gz
                head -c 5000 /dev/urandom | gzip | head -c 4000 >wal/receiving/000000010000000000000006.gz.partial
                echo half >postgresql_backup_20260103_020000.sql.gz.partial
                mkdir base/postgresql_base_20260108_030000.partial && echo half >base/postgresql_base_20260108_030000.partial/base.tar.gz""");
    }

    LocalRemote remote() {
        return remote;
    }

    /** Where the copy is. */
    Path there() {
        return remote.folder().resolve("postgresql");
    }

    /** Names of the copy. */
    List<String> copied() {
        return files(there());
    }

    Path local(String file) {
        return remote.backups().resolve(file);
    }

    /** What it says of itself: a file of its folder offsite. */
    String note(String name) {
        return Project.read(local("offsite/" + name));
    }

    void dump(String stamp) {
        good("name=postgresql_backup_" + stamp
                + ".sql.gz; head -c 30000 /dev/urandom | gzip >$name; sha256sum $name >$name.sha256");
    }

    void base(String stamp, String start) {
        good("mkdir -p base/postgresql_base_" + stamp + " && cd base/postgresql_base_" + stamp
                + " && head -c 50000 /dev/urandom | gzip >base.tar.gz && echo '{}' >backup_manifest"
                + " && printf 'START_LSN=" + start + "\\nSEGMENT_BYTES=16777216\\n' >base.env"
                + " && sha256sum backup_manifest base.env base.tar.gz >SHA256SUMS");
    }

    Tool.Result copy() {
        return copy(Map.of());
    }

    Tool.Result copy(Map<String, String> changes) {
        return remote.run("offsite.sh", changes);
    }

    Tool.Result verify() {
        return remote.run("offsite.sh", Map.of(), "--verify");
    }

    /** On the backup volume; the copy is in {@code $REMOTE}. */
    void good(String script) {
        Tool.Result result = remote.bash(script);
        assertThat(result.status()).as(result.output()).isZero();
    }

    /** PATH with a program of this name before rclone; the real one is {@code $RCLONE} in it. */
    String before(String shell) {
        good("mkdir -p $REMOTE/before && cat >$REMOTE/before/rclone <<'END'\n#!/bin/sh\nRCLONE=" + remote.rclone()
                + " REMOTE=" + remote.folder() + "\n" + shell + "\nexec \"$RCLONE\" \"$@\"\nEND\n"
                + "chmod 755 $REMOTE/before/rclone");
        return remote.folder().resolve("before") + ":" + remote.path();
    }

    static List<String> files(Path folder) {
        return Project.filesBelow(folder).stream().map(Path::toString).toList();
    }

    @Override
    public void close() {
        remote.close();
    }
}
