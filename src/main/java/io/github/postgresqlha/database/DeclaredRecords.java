package io.github.postgresqlha.database;

import io.github.postgresqlha.credentials.PasswordSecret;
import io.github.postgresqlha.postgresql.HbaRule;
import io.github.postgresqlha.spec.DatabaseSpec;
import io.github.postgresqlha.spec.HbaRecordSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.RoleSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The HBA records that a specification declares: those that it writes itself, then those of its roles, which the former can narrow. */
final class DeclaredRecords {

    private DeclaredRecords() {}

    static List<HbaRule> of(PostgresqlHaSpec spec) {
        List<HbaRule> records = new ArrayList<>();
        if (spec.pooler().enabled()) {
            records.add(HbaRule.host(
                    "postgres",
                    List.of(PasswordSecret.POOLER),
                    "scram-sha-256",
                    "the pooler: who is primary, verifiers"));
        }
        spec.hbaRecords().forEach(hba -> records.add(written(hba)));
        entry(spec, spec.databaseOwner(), List.of(), records);
        spec.roles().stream()
                .filter(RoleSpec::login)
                .forEach(role -> entry(spec, role.name(), role.databases().keySet(), records));
        return records;
    }

    private static HbaRule written(HbaRecordSpec hba) {
        return HbaRule.of(
                hba.type().toString(),
                hba.databases(),
                hba.users(),
                hba.address(),
                hba.method().toString(),
                "from the specification");
    }

    /** Into the databases that it may use, and into those that it owns. */
    private static void entry(PostgresqlHaSpec spec, String role, Iterable<String> databases, List<HbaRule> records) {
        TreeSet<String> names = new TreeSet<>();
        databases.forEach(names::add);
        spec.databases().stream()
                .filter(database ->
                        database.owner().orElse(spec.databaseOwner()).equals(role))
                .map(DatabaseSpec::name)
                .forEach(names::add);
        if (!names.isEmpty()) {
            records.add(HbaRule.host(
                    String.join(",", names),
                    List.of(role),
                    spec.authentication().toString(),
                    role.equals(spec.databaseOwner()) ? "declared databases" : "a declared role"));
        }
    }
}
