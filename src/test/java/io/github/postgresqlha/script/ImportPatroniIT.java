package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Patroni on a cluster that was imported: it starts every member in recovery first, which not all data can be started in. */
class ImportPatroniIT {

    @Test
    void serves_what_was_imported() throws Exception {
        LocalPostgres local = LocalPostgres.create();
        LocalKubernetes kubernetes = new LocalKubernetes();
        LocalPatroni patroni = new LocalPatroni(local, kubernetes, 1);
        try (SourceServer source = new SourceServer(local).fill(10)) {
            assertThat(imported(local, patroni, source)).contains("database airflow is imported");
            patroni.start();
            for (int i = 0;
                    i < 60 && !kubernetes.annotation("pods/member1", "status").contains("primary");
                    i++) {
                Thread.sleep(1000);
            }
            assertThat(kubernetes.annotation("pods/member1", "status"))
                    .as(patroni.log())
                    .contains("\"role\":\"primary\"");
        } finally {
            patroni.stop();
            kubernetes.close();
            local.delete();
        }
    }

    /** The supervisor's new cluster, as much of it as an import needs, and the import. */
    private static String imported(LocalPostgres local, LocalPatroni patroni, SourceServer source) {
        Map<String, String> environment = new TreeMap<>(source.environment());
        environment.put("PGDATA", patroni.data().toString());
        environment.put("SOCKET_DIRECTORY", patroni.home().toString());
        environment.put("PGPORT", "" + LocalPostgres.freePort());
        environment.put("DATABASE_NAME", "airflow");
        environment.put("DATABASE_OWNER", "airflow");
        environment.put("BIN", local.programs() + "/bin");
        environment.put("IMPORT", local.scripts() + "/import/bootstrap.sh");
        Tool.Result result = Tool.run(local.process(environment, "bash", "-euo", "pipefail", "-c", """
                        PATH="$BIN:$PATH"
                        initdb -U postgres -A trust --no-sync --encoding=UTF8 --locale=C.UTF-8 -D "$PGDATA" >/dev/null
                        printf "fsync = off\\nunix_socket_directories = '%s'\\n" "$SOCKET_DIRECTORY" >>"$PGDATA"/postgresql.conf
                        pg_ctl start -s -w -D "$PGDATA" -o "-c listen_addresses=''" >/dev/null
                        psql -qX -h "$SOCKET_DIRECTORY" -U postgres -c 'CREATE ROLE backup' -c 'CREATE ROLE airflow LOGIN' -c 'CREATE DATABASE airflow OWNER airflow'
                        pg_ctl stop -s -w -D "$PGDATA"
                        "$IMPORT" "$PGDATA" 2>&1
                        """)
                .redirectErrorStream(true));
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }
}
