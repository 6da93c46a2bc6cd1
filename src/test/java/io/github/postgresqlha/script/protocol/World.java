package io.github.postgresqlha.script.protocol;

/** What kind of other member there is. */
enum World {
    PAIR,
    FOREIGN_PEER,
    NO_PEER;

    static final World[] ALL = values();
}
