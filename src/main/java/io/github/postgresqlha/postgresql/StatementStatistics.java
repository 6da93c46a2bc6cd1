package io.github.postgresqlha.postgresql;

/**
 * What statements cost, by their text without values, as {@code pg_stat_statements} counts it. Its view is in schema
 * {@code postgresql_ha} of database {@code postgres} ({@code roles.sql}). A {@code shared_preload_libraries} of the specification takes its place.
 *
 * @see <a href="https://www.postgresql.org/docs/17/pgstatstatements.html">pg_stat_statements</a>
 */
final class StatementStatistics {

    private StatementStatistics() {}

    static ParameterSection section() {
        return ParameterSection.of("Statistics of statements: which cost most")
                .add(
                        "shared_preload_libraries",
                        "pg_stat_statements",
                        "counts them; runbooks/slow-database.md reads it")
                .add("pg_stat_statements.track_utility", "off", "the text of ALTER ROLE has its password");
    }
}
