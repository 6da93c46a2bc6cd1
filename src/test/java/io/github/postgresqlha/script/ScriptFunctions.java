package io.github.postgresqlha.script;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.List;

/** Functions of the supervisor's libraries, called in bash on folders of a test, without any server. */
final class ScriptFunctions {

    private static final String BEGIN = """
            for library in lib/log lib/facts lib/postgres lib/clock lib/durable lib/lsn instance/common instance/facts instance/notes lib/install instance/data instance/swap instance/abandoned upkeep/report instance/postmaster instance/crash; do
              source "$1/${library}.sh"
            done
            script_dir=$1 home=$2
            PGDATA=${home}/data/pgdata STATE_DIRECTORY=${home}/data/state WAL_DIRECTORY=${home}/wal RUNTIME_DIRECTORY=${home}/tmp
            PEER_NAME=postgresql-standby PEER_HOST=peer PEER_PORT=5432 INSTANCE_NAME=postgresql-primary CONFIG_DIRECTORY=/config SOCKET_DIRECTORY=/run PGPORT=5432
            REPLICATION_SLOT=postgresql_primary DATABASE_OWNER=airflow DATA_DURABILITY='' passfile=/passfile role=primary role_since=0 degraded=''
            peer_state=unknown peer_seen=0 peer_asked=0 peer_answered=0 probe_running='' peer_address='' primary_lsn='' peer_timeline=11 wal_segment_bytes=16777216 postmaster_is_child='' postmaster_pid=''
            mkdir -p -- "${STATE_DIRECTORY}" "${WAL_DIRECTORY}" "${RUNTIME_DIRECTORY}"
            run_watched() { "$@"; }
            sync() { :; }
            """;

    private final Path home;

    ScriptFunctions(Path home) {
        this.home = home;
    }

    /** Runs this program after the libraries; gives what was said, and its status. */
    Tool.Result run(String program) {
        String scripts =
                Project.file("src/main/resources/io/github/postgresqlha/script").toString();
        return Tool.run(new ProcessBuilder(
                "bash", "-Eeuo", "pipefail", "-c", BEGIN + program, "test", scripts, home.toString()));
    }

    /** Names of what is in a folder, sorted. */
    List<String> list(String folder) {
        String[] names = home.resolve(folder).toFile().list();
        return names == null ? List.of() : List.of(names).stream().sorted().toList();
    }
}
