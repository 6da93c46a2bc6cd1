package io.github.postgresqlha.script.protocol;

/** What kind of other member there is. */
enum World {
    PAIR,
    FOREIGN_PEER,
    NO_PEER;

    static final World[] ALL = values();

    @SuppressWarnings("EnumOrdinal") // states and facts are packed by number, within one run only
    final int number = ordinal();
}
