package io.github.postgresqlha.script.protocol;

/** What kind of other member there is. */
enum World {
    PAIR(true),
    FOREIGN_PEER(false),
    NO_PEER(false),
    PUT_BACK(true), // the primary, to a snapshot from before it had its standby
    OLD_NUMBERS(true); // both were promoted to one number: from before numbers belonged to members, or put back in time

    static final World[] ALL = values();

    @SuppressWarnings("EnumOrdinal") // states and facts are packed by number, within one run only
    final int number = ordinal();

    /** Whether the other is a member of the same installation, which the exploration moves too. */
    final boolean pair;

    World(boolean pair) {
        this.pair = pair;
    }
}
