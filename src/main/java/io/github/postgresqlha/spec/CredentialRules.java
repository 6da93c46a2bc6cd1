package io.github.postgresqlha.spec;

import io.github.postgresqlha.postgresql.DatabaseRole;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Passwords are those of roles that there are, and each role has one. */
final class CredentialRules {

    private final NavigableSet<String> roles = new TreeSet<>(DatabaseRole.names());
    private final Violations violations;

    private CredentialRules(PostgresqlHaSpec spec, Violations violations) {
        this.violations = violations;
        roles.add(spec.databaseOwner());
        spec.roles().stream().filter(RoleSpec::login).map(RoleSpec::name).forEach(roles::add);
        if (spec.pooler().enabled()) {
            roles.add("pooler");
        }
        if (spec.failover() == Failover.AUTOMATIC) {
            roles.add("patroni");
        }
    }

    static void check(PostgresqlHaSpec spec, Violations violations) {
        CredentialRules rules = new CredentialRules(spec, violations);
        CredentialsSpec credentials = spec.credentials();
        rules.known(
                "credentials.keys",
                credentials.keys().stream().map(CredentialKeySpec::role).toList());
        credentials.externalSecret().ifPresent(rules::stored);
        credentials
                .vaultAgent()
                .map(VaultAgentSpec::annotations)
                .ifPresent(annotations -> annotations
                        .keySet()
                        .forEach(key -> violations.require(
                                !spec.metadata().annotations().containsKey(key),
                                "credentials.vaultAgent.annotations." + key,
                                "is in metadata.annotations as well, got '" + key + "'; write it once")));
    }

    private void stored(ExternalSecretSpec external) {
        List<String> named =
                external.remoteKeys().stream().map(RemoteKeySpec::role).toList();
        known("credentials.externalSecret.remoteKeys", named);
        List<String> missing =
                roles.stream().filter(role -> !named.contains(role)).toList();
        violations.require(
                external.passwordGenerator().isPresent() || external.remoteKey().isPresent() || missing.isEmpty(),
                "credentials.externalSecret.remoteKeys",
                "must name each role, got none for " + missing + "; add them, or name remoteKey, which has a property"
                        + " ROLE-password a role");
    }

    private void known(String path, List<String> named) {
        for (int i = 0; i < named.size(); i++) {
            violations.require(
                    roles.contains(named.get(i)),
                    path + "[" + i + "].role",
                    "is no role that has a password, got '" + named.get(i) + "'; there are " + roles);
        }
    }
}
