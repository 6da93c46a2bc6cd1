package io.github.postgresqlha.dist;

import io.github.postgresqlha.credentials.PasswordSource;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.postgresql.DatabaseRole;
import io.github.postgresqlha.spec.CredentialsSpec;
import io.github.postgresqlha.spec.ExternalSecretSpec;
import io.github.postgresqlha.spec.VaultAgentSpec;
import java.util.Map;
import java.util.TreeMap;

/** What the documentation says of where passwords come from, and where people find that of the application. */
final class PasswordStatements {

    private PasswordStatements() {}

    static Map<String, String> of(Installation installation) {
        CredentialsSpec credentials = installation.spec().credentials();
        Map<String, String> values = new TreeMap<>();
        values.put(credentials.isGenerated() ? "OWN_SECRET" : "FOREIGN_SECRET", "");
        values.put("PASSWORDS_FROM", source(installation));
        values.put("OWNER_PASSWORD", ownerPassword(installation));
        return values;
    }

    private static String source(Installation installation) {
        CredentialsSpec credentials = installation.spec().credentials();
        if (credentials.vaultAgent().isPresent()) {
            return "Vault's agent in the pods, which reads `"
                    + credentials.vaultAgent().map(VaultAgentSpec::path).orElseThrow() + "`";
        }
        String secret = "Secret `" + installation.secretName() + "`";
        return credentials
                .externalSecret()
                .map(external -> external.passwordGenerator().isPresent()
                        ? "Secrets that External Secrets makes, one a role"
                        : secret + ", which External Secrets makes of store `" + store(external) + "`")
                .orElse(secret);
    }

    private static String store(ExternalSecretSpec external) {
        return external.secretStoreRef().orElseThrow().name();
    }

    private static String ownerPassword(Installation installation) {
        String owner = installation.owner().value();
        return installation
                .spec()
                .credentials()
                .vaultAgent()
                .map(agent -> "property `" + DatabaseRole.secretKey(owner) + "` of `" + agent.path() + "` in Vault")
                .orElseGet(() -> {
                    PasswordSource source = PasswordSource.of(installation, owner);
                    return "key `" + source.key() + "` of Secret `" + source.secret() + "`";
                });
    }
}
