package io.github.postgresqlha.script;

import io.github.postgresqlha.postgresql.HbaRules;
import io.github.postgresqlha.postgresql.Identifier;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A primary with the database airflow and one of another owner, reports, and jobs that dump them. */
final class DumpedServer implements AutoCloseable {

    static final String LOST = "the dump is not complete and was not kept; earlier dumps are untouched";

    private final LocalPair pair = new LocalPair();
    private final LocalInstance primary;

    DumpedServer() {
        HbaRules rules = HbaRules.of(
                        LocalMajor.VERSION, new Identifier("airflow"), new Identifier("airflow"), "scram-sha-256")
                .withDumps(List.of(HbaRules.ALL_DATABASES), "scram-sha-256");
        pair.local().write(pair.local().configuration().resolve("pg_hba.conf"), rules.render());
        primary = pair.primary().start().awaitRole("primary");
        primary.awaitLog("open for writes");
        primary.sql("ALTER SYSTEM SET max_prepared_transactions = 2");
        primary.stop();
        primary.start().awaitRole("primary");
        primary.sql("CREATE ROLE analyst LOGIN");
        primary.sql("CREATE DATABASE reports OWNER analyst");
        primary.sql("analyst", "reports", "CREATE TABLE sales AS SELECT generate_series(1, 200) AS id");
        asOwner("CREATE TABLE runs AS SELECT generate_series(1, 100) AS id");
    }

    LocalInstance primary() {
        return primary;
    }

    LocalPostgres local() {
        return pair.local();
    }

    String asOwner(String sql) {
        return primary.sql("airflow", "airflow", sql);
    }

    /** Of airflow, and of what is named beside it: "" or "all". */
    Tool.Result backup(String databases) {
        return primary.script(job(databases), "backup.sh");
    }

    /** One with a program of this name before that of the machine. */
    Tool.Result backupWith(String name, String program, String databases) {
        Path replaced = local().program(name, program);
        Map<String, String> job = job(databases);
        job.put("PATH", replaced.getParent() + ":" + local().path());
        return primary.script(job, "backup.sh");
    }

    Map<String, String> job(String databases) {
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.put("PGDATABASE", "airflow");
        if (!databases.isEmpty()) {
            job.put("BACKUP_DATABASES", databases);
        }
        job.put("BACKUP_RETENTION_DAYS", "7");
        job.put("BACKUP_RETENTION_MINIMUM", "3");
        return job;
    }

    List<String> dumps() {
        return Project.filesBelow(backups()).stream()
                .map(Path::toString)
                .filter(name -> name.matches("(databases/)?postgresql_backup_.*\\.sql\\.gz"))
                .toList();
    }

    void removeDumps() {
        primary.run("sh", "-c", "rm -rf " + backups() + "/postgresql_backup_* " + backups() + "/databases");
    }

    Path backups() {
        return local().folder().resolve("backups");
    }

    @Override
    public void close() {
        pair.close();
    }
}
