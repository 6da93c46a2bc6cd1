package io.github.postgresqlha.spec;

/** What a declared role may do in a database. */
public enum DatabaseAccess {
    /** Reads all tables, views and sequences of the database's owner, those of later as well. */
    READ_ONLY("readOnly"),
    /** Reads and writes their rows, and may make temporary tables; it creates nothing that stays. */
    READ_WRITE("readWrite"),
    /** Acts as the database's owner: what it creates belongs to that owner. */
    OWNER("owner"),
    /** Connects, and sees statistics and settings of the whole server, as {@code pg_monitor} has it; no table's rows. */
    MONITOR("monitor");

    private final String value;

    DatabaseAccess(String value) {
        this.value = value;
    }

    /** As the specification spells it. */
    @Override
    public String toString() {
        return value;
    }
}
