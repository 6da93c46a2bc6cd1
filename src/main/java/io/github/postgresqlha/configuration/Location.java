package io.github.postgresqlha.configuration;

/** Where something stands in a file; both count from 1. */
record Location(int line, int column) {

    @Override
    public String toString() {
        return "line " + line + ", column " + column;
    }
}
