package io.github.postgresqlha.spec;

import io.github.postgresqlha.postgresql.DatabaseRole;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules of {@code hbaRecords}: none lets a role of the product's in, and none is about replication. */
final class HbaRecords {

    static final String ALL = "all";

    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    /** What pg_hba.conf takes for more than a name. */
    private static final Set<String> WORDS = Set.of("replication", "sameuser", "samerole", "samegroup");

    private HbaRecords() {}

    static void check(HbaRecordSpec hba) {
        Violations violations = new Violations("HbaRecordSpec");
        named("databases", hba.databases(), violations);
        named("users", hba.users(), violations);
        for (int i = 0; i < hba.users().size(); i++) {
            user("users[" + i + "]", hba.users().get(i), hba.method(), violations);
        }
        violations.require(
                hba.address().equals(ALL) || Cidr.matches(hba.address()),
                "address",
                "is no range of addresses, got '" + hba.address() + "'; write it like 10.20.0.0/16, or all");
        violations.require(
                hba.method() != HbaMethod.CERT || hba.type() == HbaType.HOSTSSL,
                "method",
                "needs TLS, got 'cert' with type " + hba.type() + "; write type: hostssl");
        violations.throwIfAny();
    }

    private static void named(String path, List<String> names, Violations violations) {
        violations.require(
                !names.isEmpty(), path, "must name at least one, got none; name them, or leave the record out");
        violations.require(
                !names.contains(ALL) || names.size() == 1,
                path,
                "stands for all of them, got it among " + names + "; write all alone, or names only");
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            violations.require(
                    NAME.matcher(name).matches(),
                    path + "[" + i + "]",
                    "must be a name of a-z, 0-9 and _, got '" + name + "'; no pattern, group or file is taken here");
            violations.require(
                    !WORDS.contains(name),
                    path + "[" + i + "]",
                    "has a meaning of its own in pg_hba.conf, got '" + name
                            + "': replication is the product's own; name databases and roles");
        }
    }

    private static void user(String path, String name, HbaMethod method, Violations violations) {
        violations.require(
                !DatabaseRole.names().contains(name),
                path,
                "is one of the product's own roles, whom no record lets in or keeps out, got '" + name
                        + "'; leave it out");
        violations.require(
                !name.equals(ALL) || method == HbaMethod.REJECT,
                path,
                "would let superusers in, got 'all' with method " + method + "; name roles, or write method: reject");
    }
}
