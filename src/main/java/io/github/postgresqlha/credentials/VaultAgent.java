package io.github.postgresqlha.credentials;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.github.postgresqlha.postgresql.DatabaseRole;
import io.github.postgresqlha.spec.VaultAgentSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What tells Vault's injector to write passwords where the scripts read them. The pods have no token for the Kubernetes API, so that one which
 * Vault alone takes is projected for its agent.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/platform/k8s/injector/annotations">Annotations of the injector</a>
 */
record VaultAgent(VaultAgentSpec spec) {

    private static final String PREFIX = "vault.hashicorp.com/";
    private static final String TOKEN = "vault-token";
    private static final long TOKEN_SECONDS = 3600;

    /** As the pods' own user, which the containers share. */
    private static final String USER = "999";

    /** The injector mounts all of them into every container. One of another user, as that of the figures, reads its own alone, by its group. */
    private static final String OWN = "0400";

    private static final String SHARED = "0440";

    static Volume token() {
        return new VolumeBuilder()
                .withName(TOKEN)
                .withNewProjected()
                .addNewSource()
                .withNewServiceAccountToken("vault", TOKEN_SECONDS, "token")
                .endSource()
                .endProjected()
                .build();
    }

    Map<String, String> annotations(List<String> roles, String folder, boolean ends) {
        Map<String, String> annotations = new TreeMap<>(Map.of(
                PREFIX + "agent-inject",
                "true",
                PREFIX + "role",
                spec.role(),
                PREFIX + "auth-path",
                spec.authPath(),
                PREFIX + "secret-volume-path",
                folder,
                PREFIX + "agent-pre-populate-only",
                String.valueOf(ends),
                PREFIX + "agent-run-as-user",
                USER,
                PREFIX + "agent-run-as-group",
                USER,
                PREFIX + "agent-service-account-token-volume-name",
                TOKEN));
        annotations.putAll(spec.annotations());
        for (String role : roles) {
            String file = DatabaseRole.secretKey(role);
            annotations.put(PREFIX + "agent-inject-secret-" + file, spec.path());
            annotations.put(PREFIX + "agent-inject-file-" + file, file);
            annotations.put(
                    PREFIX + "agent-inject-perms-" + file, role.equals(DatabaseRole.MONITOR.role()) ? SHARED : OWN);
            annotations.put(PREFIX + "agent-inject-template-" + file, template(file));
        }
        return annotations;
    }

    /** The second version of Vault's key-value engine has the properties below data, and data in its path. */
    private String template(String property) {
        String data = spec.path().matches("[^/]+/data/.*") ? ".Data.data" : ".Data";
        return "{{- with secret \"" + spec.path() + "\" -}}{{ index " + data + " \"" + property + "\" }}{{- end -}}";
    }
}
