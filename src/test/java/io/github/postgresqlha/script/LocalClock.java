package io.github.postgresqlha.script;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** A clock that stands where a test puts it, for what scripts ask of {@code date}. Servers keep their own. */
final class LocalClock {

    private static final String DATE = """
            #!/bin/bash
            now=$(</ROOT/now) arguments=() asked=
            while (($# > 0)); do
              if [[ "$1" == -d ]]; then
                asked=yes
                shift
                [[ "$1" != [-+][0-9]* ]] || set -- "$1 $(/usr/bin/date -u -d "@${now}" '+%F %T') UTC" "${@:2}"
                arguments+=(-d "$1")
              else
                arguments+=("$1")
              fi
              shift
            done
            [[ -n "${asked}" ]] || arguments+=(-d "@${now}")
            exec /usr/bin/date "${arguments[@]}"
            """;

    private final LocalPostgres local;
    private final Path folder;
    private Instant now;

    LocalClock(LocalPostgres local, Instant now) {
        this.local = local;
        this.now = now;
        folder = local.makeFolder("programs-date");
        local.program("date", DATE.replace("/ROOT", folder.toString()));
        set(now);
    }

    Instant now() {
        return now;
    }

    void set(Instant time) {
        now = time;
        local.write(folder.resolve("now"), String.valueOf(time.getEpochSecond()));
    }

    void advance(Duration time) {
        set(now.plus(time));
    }

    /** The environment of a job by this clock. */
    Map<String, String> on(Map<String, String> job) {
        Map<String, String> clocked = new TreeMap<>(job);
        clocked.put("PATH", before(local.path()));
        return clocked;
    }

    /** Where a job looks for programs, this clock first. */
    String before(String path) {
        return folder + ":" + path;
    }
}
