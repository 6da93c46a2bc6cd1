package io.github.postgresqlha.postgresql;

import io.github.postgresqlha.annotation.Internal;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which statements the server's log holds, with the values in them. Where pgAudit is loaded, it writes them: it leaves out the password of
 * a role, and names the objects.
 *
 * @see <a href="https://www.postgresql.org/docs/17/runtime-config-logging.html#GUC-LOG-STATEMENT">log_statement</a>
 * @see <a href="https://github.com/pgaudit/pgaudit#readme">pgAudit</a>
 */
public enum Audit {
    /** No statement. */
    OFF("none", "none"),
    /** What defines objects and roles; and each session's begin and end. */
    DDL("ddl", "ddl, role"),
    /** That, and what changes rows. */
    WRITES("mod", "ddl, role, write"),
    /** Every statement. */
    ALL("all", "all");

    /** The name under which pgAudit is loaded. */
    private static final String PGAUDIT = "pgaudit";

    private static final Pattern COMMA = Pattern.compile(",");

    private final String logStatement;
    private final String pgauditLog;

    Audit(String logStatement, String pgauditLog) {
        this.logStatement = logStatement;
        this.pgauditLog = pgauditLog;
    }

    /** Whether a value of {@code shared_preload_libraries} loads pgAudit. */
    @Internal
    public static boolean hasPgaudit(String libraries) {
        return COMMA.splitAsStream(libraries)
                .map(library -> library.strip().replace("\"", "").replace("$libdir/", ""))
                .anyMatch(PGAUDIT::equals);
    }

    /** Whether it writes the parameter {@code name}, which then is not the specification's to set. */
    @Internal
    public boolean sets(String name) {
        return this != OFF
                && (name.equals("log_statement")
                        || name.equals("log_connections")
                        || name.equals("log_disconnections")
                        || name.equals(PGAUDIT + ".log"));
    }

    ParameterSection parameters(boolean pgaudit) {
        ParameterSection section = ParameterSection.of("Audit: who was here, and what they did")
                .add("log_connections", "on", "each session, with its role and address ...")
                .add("log_disconnections", "on", "... and how long it lasted");
        return pgaudit
                ? section.add(PGAUDIT + ".log", pgauditLog, "the statements, without the passwords of roles")
                : section.add("log_statement", logStatement, "the statements, with the values in them");
    }

    /** As the specification spells it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
