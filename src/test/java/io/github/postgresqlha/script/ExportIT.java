package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The commands of docs/how-to/export.md, against a plain server. */
@Tag("long")
class ExportIT {

    private static final Pattern COMMANDS = Pattern.compile("(?ms)^```bash\n(.*?)^```");

    @Test
    void each_documented_command_gives_all_rows_to_a_plain_server() {
        try (LocalPair pair = new LocalPair()) {
            LocalInstance primary = pair.primary().start().awaitRole("primary");
            primary.sql(
                    "airflow",
                    "airflow",
                    "CREATE TABLE runs AS SELECT i AS id FROM generate_series(1, 1000) AS i; SELECT lo_from_bytea(0, 'x')");
            PlainServer plain = new PlainServer(pair.local(), 3).initialise();
            plain.sql("CREATE ROLE app");
            List<String> commands = COMMANDS.matcher(Project.read(Project.file("docs/how-to/export.md")))
                    .results()
                    .map((MatchResult block) -> block.group(1))
                    .toList();
            assertThat(commands).hasSize(4);
            run(primary, plain, commands.get(0) + commands.get(1), "airflow");
            run(primary, plain, commands.get(2), "app");
            run(primary, plain, commands.get(3), "managed");
            assertThat(plain.bash("cat roles.sql"))
                    .contains("CREATE ROLE airflow;")
                    .doesNotContain("PASSWORD");
            plain.stop("fast");
        }
    }

    /** kubectl stands for the two servers: its arguments say which. */
    private static void run(LocalInstance primary, PlainServer plain, String commands, String database) {
        plain.sql("CREATE DATABASE " + database + (database.equals("app") ? " OWNER app" : ""));
        Tool.Result result =
                plain.run("""
                cd "$PGHOST"
                printf '[managed]\\nhost=%%s\\ndbname=managed\\nuser=postgres\\n' "$PGHOST" >service.conf
                kubectl() {
                  local where="$*"
                  while [[ "$1" != -- ]]; do shift; done
                  shift
                  if [[ "${where}" == *postgresql-primary-0* ]]; then PGHOST=%s PGPORT=%s "$@"; else "$@"; fi
                }
                """.formatted(primary.environment("SOCKET_DIRECTORY"), primary.port()) + commands);
        assertThat(result.status()).as(commands + result.output()).isZero();
        assertThat(plain.bash("psql -XAtq -d " + database
                        + " -c 'SELECT count(*), sum(id) FROM runs' -c 'SELECT count(*) FROM pg_largeobject_metadata'"))
                .isEqualTo("1000|500500\n1\n");
    }
}
