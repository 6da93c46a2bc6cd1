package io.github.postgresqlha.postgresql;

/**
 * What {@code kubectl logs} shows. The text of a statement is not in it: a driver as psycopg2 puts the values into the text, so that
 * leaving out the parameters of prepared statements leaves out nothing. What an error says of a row is not there either, for the roles of
 * applications: {@code owner.sql}.
 *
 * @see <a href="https://www.postgresql.org/docs/17/runtime-config-logging.html">Error reporting and logging</a>
 */
final class LogParameters {

    private LogParameters() {}

    /** The section; a session's begin and end stand in {@link Audit}'s where they are logged. */
    static ParameterSection section(boolean sessions) {
        ParameterSection section = ParameterSection.of("Log and time: what kubectl logs shows")
                .add("log_destination", "stderr", "Kubernetes keeps and rotates it")
                .add("logging_collector", "off", "no log files: they would fill the pod")
                .add("log_line_prefix", "%m [%p] %q%u@%d/%a ", "time, process, then role, database and application")
                .add("log_timezone", "UTC", "as the scripts and Kubernetes log")
                .add("timezone", "UTC", "Airflow requires it")
                .add("log_checkpoints", "on", "shows when checkpoints come too often")
                .add("log_lock_waits", "on", "shows who waited longer than a second");
        return (sessions ? section : section.add("log_connections", "off", "probes and pools would fill the log"))
                .add("log_autovacuum_min_duration", "1min", "shows tables that vacuum struggles with")
                .add(
                        "log_min_duration_statement",
                        "-1",
                        "a slow statement's text has its values, which can be secret ...")
                .add("log_min_error_statement", "panic", "... as has the text of one that fails")
                .add("log_parameter_max_length", "0", "... and the values beside a text, of whoever has it logged")
                .add("log_temp_files", "64MB", "shows where work_mem is too small");
    }
}
