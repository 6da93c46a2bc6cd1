package io.github.postgresqlha.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What declared databases and roles may be: each once, and each name of the others is there. */
final class DeclaredRules {

    private static final Pattern EXTENSION = Pattern.compile("[a-z_][a-z0-9_-]{0,62}");
    private static final String MAINTENANCE = "postgres";

    private final PostgresqlHaSpec spec;
    private final Violations violations;

    /** Who owns each database. */
    private final Map<String, String> owners = new TreeMap<>();

    private DeclaredRules(PostgresqlHaSpec spec, Violations violations) {
        this.spec = spec;
        this.violations = violations;
        spec.databases()
                .forEach(
                        database -> owners.put(database.name(), database.owner().orElse(spec.databaseOwner())));
        owners.put(spec.databaseName(), spec.databaseOwner());
    }

    static void check(PostgresqlHaSpec spec, Violations violations) {
        CredentialRules.check(spec, violations);
        DeclaredRules rules = new DeclaredRules(spec, violations);
        rules.databases();
        rules.roles();
        extensions("extensions", spec.extensions(), violations);
    }

    /** What PostgreSQL itself says of MD5. */
    static Optional<String> warning(PostgresqlHaSpec spec) {
        return spec.authentication() == PasswordAuthentication.MD5
                ? Optional.of(
                        "authentication: md5 is deprecated: PostgreSQL 18 warns of each such password, and a later major will not"
                                + " know them; whoever reads a hash can log in with it. Use scram-sha-256, which psycopg2 knows since"
                                + " libpq 10; passwords need not change")
                : Optional.empty();
    }

    private void databases() {
        Set<String> roles = spec.roles().stream().map(RoleSpec::name).collect(Collectors.toSet());
        List<String> names = new ArrayList<>(List.of(spec.databaseName()));
        for (int i = 0; i < spec.databases().size(); i++) {
            DatabaseSpec database = spec.databases().get(i);
            String path = "databases[" + i + "]";
            RoleNames.check(path + ".name", database.name(), violations);
            once(path + ".name", database.name(), names);
            String owner = database.owner().orElse(spec.databaseOwner());
            violations.require(
                    owner.equals(spec.databaseOwner()) || roles.contains(owner),
                    path + ".owner",
                    "must be one of roles, or databaseOwner, got '" + owner + "'; declare the role, with login: false"
                            + " where it only owns");
            extensions(path + ".extensions", database.extensions(), violations);
        }
    }

    private void roles() {
        List<String> names = new ArrayList<>(List.of(spec.databaseOwner()));
        for (int i = 0; i < spec.roles().size(); i++) {
            RoleSpec role = spec.roles().get(i);
            String path = "roles[" + i + "]";
            RoleNames.check(path + ".name", role.name(), violations);
            once(path + ".name", role.name(), names);
            role.databases()
                    .forEach((database, access) ->
                            access(path + ".databases." + database, role.name(), database, access));
        }
    }

    private void access(String path, String role, String database, DatabaseAccess access) {
        if (database.equals(MAINTENANCE)) {
            violations.require(
                    access == DatabaseAccess.MONITOR,
                    path,
                    "must be monitor, as that database is PostgreSQL's and the product's own, got '" + access
                            + "'; write monitor, or leave it out");
            return;
        }
        String owner = owners.get(database);
        violations.require(
                owner != null,
                path,
                "is no database of the specification, got '" + database + "' where there are " + owners.keySet()
                        + "; declare it under databases");
        violations.require(
                !role.equals(owner), path, "is the role's own database, in which it may do everything; leave it out");
        violations.require(
                access != DatabaseAccess.OWNER || owner == null || role.equals(owner) || !actsAsOwner(owner),
                path,
                "must not be owner: '" + owner + "', as whom it would act, acts as another database's owner itself;"
                        + " give that one a role of its own as its owner");
    }

    private boolean actsAsOwner(String role) {
        return spec.roles().stream()
                .anyMatch(
                        other -> other.name().equals(role) && other.databases().containsValue(DatabaseAccess.OWNER));
    }

    private void once(String path, String name, List<String> names) {
        violations.require(!names.contains(name), path, "is there already, got '" + name + "'; name it once");
        names.add(name);
    }

    private static void extensions(String path, List<String> names, Violations violations) {
        for (int i = 0; i < names.size(); i++) {
            violations.require(
                    EXTENSION.matcher(names.get(i)).matches(),
                    path + "[" + i + "]",
                    "must be the name of an extension, got '" + names.get(i)
                            + "'; SELECT name FROM pg_available_extensions lists them");
            violations.require(
                    names.indexOf(names.get(i)) == i,
                    path + "[" + i + "]",
                    "is named twice, got '" + names.get(i) + "'; name it once");
        }
    }
}
