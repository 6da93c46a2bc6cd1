package io.github.postgresqlha.spec;

/** What has to go together where the first data are imported. */
final class ImportRules {

    private ImportRules() {}

    static void check(PostgresqlHaSpec spec, Violations violations) {
        spec.bootstrap().fromDatabase().ifPresent(source -> {
            violations.require(
                    spec.bootstrap().fromBackup().isEmpty(),
                    "bootstrap.fromDatabase",
                    "stands beside bootstrap.fromBackup, got both; the first data come from one of them, remove the other");
            violations.require(
                    spec.network().sources().stream()
                            .anyMatch(way ->
                                    way.port() == source.port() || way.cidr().isEmpty()),
                    "network.sources",
                    "must let the members reach the source of bootstrap.fromDatabase, got none with its port "
                            + source.port()
                            + "; name its addresses (cidr), or the labels of its pods and of their namespace");
        });
    }
}
