package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.postgresql.HbaRules;
import io.github.postgresqlha.postgresql.Identifier;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dumps of other databases than the application's, beside those of the application's, on a real server. */
class MoreDatabasesIT {

    private static final String APPLICATION = "postgresql_backup_[0-9]{8}_[0-9]{6}\\.sql\\.gz";
    private static final List<String> ODD =
            List.of("x y", "quo\"\"te'd", "two\nlines", "../../x", "$(touch owned)", "all,x", "-rf", "Reports");

    private static LocalPair pair;
    private static LocalInstance primary;
    private static Path backups;

    @BeforeAll
    static void start() {
        pair = new LocalPair();
        letIn(List.of(HbaRules.ALL_DATABASES));
        primary = pair.primary().start().awaitRole("primary");
        backups = pair.local().folder().resolve("backups");
        primary.sql("airflow", "airflow", "CREATE TABLE runs AS SELECT generate_series(1, 100) AS id");
        primary.sql("CREATE ROLE analyst LOGIN");
        primary.sql("CREATE DATABASE reports OWNER analyst");
        primary.sql("analyst", "reports", """
                CREATE TABLE sales AS SELECT i AS id, 'sale ' || i AS note FROM generate_series(1, 200) AS i;
                GRANT SELECT ON sales TO monitor;
                CREATE SCHEMA planted; GRANT USAGE ON SCHEMA planted TO PUBLIC;
                CREATE FUNCTION planted.quote_ident(name) RETURNS text LANGUAGE sql AS $$ SELECT '../../owned' $$""");
        primary.sql("ALTER DATABASE reports SET search_path = planted, public, pg_catalog");
        primary.sql("CREATE DATABASE \"team-x\"");
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @BeforeEach
    void empty() {
        primary.run("sh", "-c", "rm -rf " + backups + "/* " + backups + "/.backup.lock");
    }

    @Test
    void dumps_none_but_the_applications_by_default_and_names_the_others() {
        Tool.Result result = backup("");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("not dumped: reports, team-x\n");
        assertThat(names()).hasSize(2).allMatch(name -> name.matches(APPLICATION + "(\\.sha256)?"));
    }

    @Test
    void dumps_those_that_are_named_and_one_that_fails_stops_no_other() {
        primary.sql("CREATE DATABASE closed");
        primary.sql("REVOKE CONNECT ON DATABASE closed FROM PUBLIC");
        try {
            Tool.Result result = backup("airflow,closed,nowhere,reports");
            assertThat(result.status()).as(result.output()).isEqualTo(1);
            assertThat(result.output())
                    .contains("User does not have CONNECT privilege", "ERROR database closed was not dumped")
                    .contains("database \"nowhere\" does not exist")
                    .contains("not dumped: team-x\n")
                    .endsWith("ERROR database closed was not dumped; database nowhere was not dumped\n");
            String stamp = application().substring(18, 33);
            String reports = "databases/postgresql_backup_" + stamp + ".reports.sql.gz";
            assertThat(names())
                    .containsExactlyInAnyOrder(application(), application() + ".sha256", reports, reports + ".sha256");
            Tool.Result verified = primary.script("verify-backup.sh", "--all");
            assertThat(verified.status()).as(verified.output()).isZero();
            assertThat(verified.output()).contains(application() + " is good", reports + " is good");
            assertThat(primary.script("verify-backup.sh").output()).endsWith(application() + " is good\n");
            primary.run("truncate", "-s", "-9", backups.resolve(reports).toString());
            assertThat(primary.script("verify-backup.sh", "--all").output())
                    .contains(reports + ": its content does not match its checksum");
            assertThat(primary.script("verify-backup.sh", reports).status()).isEqualTo(1);
        } finally {
            primary.sql("DROP DATABASE closed");
        }
    }

    @Test
    void are_dumped_although_the_applications_lets_nobody_in() {
        primary.sql("ALTER DATABASE airflow ALLOW_CONNECTIONS false");
        try {
            Tool.Result result = backup("reports");
            assertThat(result.status()).as(result.output()).isEqualTo(2);
            assertThat(result.output()).contains("cannot connect to", "not currently accepting connections");
            assertThat(names()).hasSize(2).allMatch(name -> name.contains(".reports.sql.gz"));
        } finally {
            primary.sql("ALTER DATABASE airflow ALLOW_CONNECTIONS true");
        }
    }

    /** What a file cannot be named after is said, and reaches neither a path nor a command. */
    @Test
    void all_are_dumped_but_those_whose_names_are_no_part_of_a_file() {
        ODD.forEach(name -> primary.sql("CREATE DATABASE \"" + name + "\""));
        try {
            Tool.Result result = backup("all");
            assertThat(result.status()).as(result.output()).isEqualTo(1);
            assertThat(result.output())
                    .contains("database \"x y\" is left out: no file can have its name")
                    .contains("database \"quo\"\"te'd\" is left out", "database \"two?lines\" is left out")
                    .contains("database \"../../x\" is left out", "database \"$(touch owned)\" is left out")
                    .contains("database \"all,x\" is left out", "\"-rf\" is left out", "\"Reports\" is left out")
                    .doesNotContain("database postgres", "template");
            assertThat(names().stream()
                            .filter(name -> name.endsWith(".gz"))
                            .map(name -> name.replaceAll("[0-9]{8}_[0-9]{6}", "STAMP")))
                    .containsExactlyInAnyOrder(
                            "postgresql_backup_STAMP.sql.gz",
                            "databases/postgresql_backup_STAMP.reports.sql.gz",
                            "databases/postgresql_backup_STAMP.team-x.sql.gz");
            empty();
            assertThat(backup("").output()).contains("not dumped: ", "\"../../x\", ", "\"two?lines\"");
        } finally {
            ODD.forEach(name -> primary.sql("DROP DATABASE \"" + name + "\""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x y", "../../x", "a,,b", "$(touch x)", "All", "a\nb", ","})
    void refuses_a_list_that_is_none(String list) {
        assertThat(backup(list).status()).isEqualTo(64);
        assertThat(names()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "databases/",
                "databases/../postgresql_backup_20240101_020000.sql.gz",
                "databases/postgresql_backup_20240101_020000.sql.gz",
                "databases/postgresql_backup_20240101_020000.x y.sql.gz",
                "databases/postgresql_backup_20240101_020000./x.sql.gz",
                "postgresql_backup_20240101_020000.reports.sql.gz"
            })
    void refuses_what_is_no_name_of_such_a_dump(String name) {
        assertThat(primary.script("verify-backup.sh", name).status()).isEqualTo(64);
        assertThat(primary.script("restore.sh", name, "--into", "airflow_x").status())
                .isEqualTo(64);
    }

    @Test
    void retention_is_that_of_each_database_and_keeps_its_newest() {
        backup("reports");
        String newest = "databases/" + application().replace(".sql.gz", ".reports.sql.gz");
        for (int day = 1; day <= 4; day++) {
            copy(newest, "databases/postgresql_backup_2020010" + day + "_020000.reports.sql.gz");
            copy(
                    newest,
                    "databases/postgresql_backup_2020010" + day + "_020000.postgresql_backup_20300101_020000.sql.gz");
        }
        primary.run(
                "bash",
                "-c",
                "cd " + backups
                        + "/databases && touch -d '2 days ago' x.partial && touch -d '2 days ago' postgresql_backup_20200109_020000.gone.sql.gz.sha256");
        Map<String, String> job = new TreeMap<>(Map.of("BACKUP_RETENTION_DAYS", "7", "BACKUP_RETENTION_MINIMUM", "2"));
        Tool.Result refused = primary.script(job, "cleanup-backups.sh");
        assertThat(refused.status()).as(refused.output()).isZero();
        assertThat(primary.script(job, "cleanup-backups.sh", "--many").status()).isZero();
        assertThat(names().stream().filter(name -> !name.matches(APPLICATION + "(\\.sha256)?")))
                .filteredOn(name -> !name.endsWith(".gz.sha256"))
                .containsExactlyInAnyOrder(
                        "databases/postgresql_backup_20200103_020000.postgresql_backup_20300101_020000.sql.gz",
                        "databases/postgresql_backup_20200104_020000.postgresql_backup_20300101_020000.sql.gz",
                        "databases/postgresql_backup_20200104_020000.reports.sql.gz",
                        newest);
        assertThat(names()).hasSize(10).contains(application());
    }

    @Test
    void restores_beside_what_was_the_owners_and_never_in_place_of_its_database() {
        primary.sql("ALTER DATABASE reports OWNER TO airflow");
        try {
            backup("reports");
            String dump = "databases/" + application().replace(".sql.gz", ".reports.sql.gz");
            Tool.Result refused = primary.script("restore.sh", dump);
            assertThat(refused.status()).isEqualTo(64);
            assertThat(refused.output())
                    .contains("is of database reports, and never takes the place of airflow: --into airflow_NAME")
                    .contains("runbooks/restore.md, section Another database");
            Tool.Result result = primary.script("restore.sh", dump, "--into", "airflow_reports");
            assertThat(result.status()).as(result.output()).isZero();
            assertThat(result.output()).contains("database reports was: {\"owner\" : \"airflow\"");
            assertThat(primary.sql(
                            "postgres",
                            "airflow_reports",
                            "SELECT count(*), min(tableowner) FROM public.sales, pg_tables WHERE tablename = 'sales'"))
                    .isEqualTo("200|airflow");
        } finally {
            primary.sql("DROP DATABASE IF EXISTS airflow_reports");
            primary.sql("ALTER DATABASE reports OWNER TO analyst");
        }
    }

    /** What that one wrote would run with the rights of the application's owner. */
    @Test
    void what_another_owner_wrote_is_not_restored_as_the_applications() {
        backup("reports");
        String dump = "databases/" + application().replace(".sql.gz", ".reports.sql.gz");
        Tool.Result refused = primary.script("restore.sh", dump, "--into", "airflow_reports");
        assertThat(refused.status()).as(refused.output()).isEqualTo(64);
        assertThat(refused.output())
                .contains("the owner of database reports was analyst, not airflow")
                .contains("runbooks/restore.md, section Another database");
        assertThat(primary.sql("SELECT count(*) FROM pg_database WHERE datname = 'airflow_reports'"))
                .isEqualTo("0");
    }

    /** In the words of the documentation. */
    @Test
    void comes_back_for_its_own_owner_by_hand() {
        backup("reports");
        String dump = backups + "/databases/" + application().replace(".sql.gz", ".reports.sql.gz");
        String command = Documented.block("createdb -U postgres -T template0")
                .replace("/var/lib/postgresql/backups/databases/postgresql_backup_20240101_020000.reports.sql.gz", dump)
                .replace("-O reports", "-O analyst")
                .replace("-U reports", "-U analyst");
        Tool.Result result = primary.run(
                "bash",
                "-euo",
                "pipefail",
                "-c",
                "export PGHOST=" + primary.environment("SOCKET_DIRECTORY") + " PGPORT=" + primary.port() + "\n"
                        + command);
        try {
            assertThat(result.status()).as(result.output()).isZero();
            assertThat(primary.sql("monitor", "reports_restored", "SELECT count(*) FROM public.sales"))
                    .isEqualTo("200");
        } finally {
            primary.sql("DROP DATABASE IF EXISTS reports_restored");
        }
    }

    /** The rules that are written for an installation, with these databases. */
    private static void letIn(List<String> databases) {
        HbaRules rules = HbaRules.of(
                        LocalMajor.VERSION, new Identifier("airflow"), new Identifier("airflow"), "scram-sha-256")
                .withDumps(databases, "scram-sha-256");
        pair.local().write(pair.local().configuration().resolve("pg_hba.conf"), rules.render());
    }

    private static Tool.Result backup(String databases) {
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.put("PGDATABASE", "airflow");
        if (!databases.isEmpty()) {
            job.put("BACKUP_DATABASES", databases);
        }
        job.put("BACKUP_RETENTION_DAYS", "7");
        job.put("BACKUP_RETENTION_MINIMUM", "3");
        return primary.script(job, "backup.sh");
    }

    private static void copy(String from, String to) {
        primary.run(
                "bash",
                "-c",
                "cd " + backups + " && cp " + from + " " + to + " && sha256sum " + to + " >" + to + ".sha256");
    }

    private static String application() {
        return names().stream()
                .filter(name -> name.matches(APPLICATION))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names() {
        return Project.filesBelow(backups).stream()
                .map(Path::toString)
                .filter(name -> !name.startsWith("."))
                .toList();
    }
}
