package io.github.postgresqlha.script;

import java.nio.file.Path;

/** Functions of the pooler's follower with two members, a and b; what it would tell PgBouncer is printed. */
final class PoolerFunctions {

    private static final String BEGIN = """
            source "${script_dir}/lib/clock.sh"
            source "${script_dir}/pooler/choose.sh"
            hosts=(a b) PASSFILE_DIRECTORY=/nowhere
            log_info() { :; }
            log_warn() { printf 'WARN %s\\n' "$*"; }
            point() { printf '%s ' "$2"; }
            owe() { :; }
            hold() { [[ -n "${held:-}" ]] || printf 'hold %s ' "$1"; held=yes; }
            release() { printf 'release %s ' "$1"; held=''; }
            replace() { cat >/dev/null; }
            look() { answers=("$1" "$2"); follow_primary; }
            """;

    private final ScriptFunctions functions;

    PoolerFunctions(Path folder) {
        functions = new ScriptFunctions(folder);
    }

    /** Runs these commands after the functions; gives what was printed. */
    String run(String commands) {
        return functions.run(BEGIN + commands).output();
    }
}
