package io.github.postgresqlha.credentials;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.ExternalSecretSpec;
import java.util.List;
import java.util.Optional;

/** A Secret of URLs with passwords in them, where External Secrets can make it of what it reads from its store. */
public final class ConnectionSecret {

    /** In a text; what stands before it and after it has no password. */
    private static final String PASSWORD = "PASSWORD";

    private ConnectionSecret() {}

    /**
     * One value.
     *
     * @param role whose password is in it
     * @param text with {@code PASSWORD} where the password goes; alone it is the password as it is, in a URL it is percent-encoded
     */
    public record Value(String key, String role, String text) {

        /** A blank is %20: psycopg2's and asyncpg's URLs know no plus sign for it. */
        String template() {
            String variable = ExternalSecrets.variable(role);
            return text.equals(PASSWORD)
                    ? "{{ index . \"" + variable + "\" }}"
                    : text.replace(PASSWORD, "{{ index . \"" + variable + "\" | urlquery | replace \"+\" \"%20\" }}");
        }
    }

    /** The ExternalSecret; empty where the passwords come from no store of External Secrets. */
    public static Optional<HasMetadata> of(ObjectMeta metadata, Installation installation, List<Value> values) {
        return installation
                .spec()
                .credentials()
                .externalSecret()
                .filter(spec -> spec.secretStoreRef().isPresent())
                .map(spec -> object(metadata, installation, spec, values));
    }

    private static HasMetadata object(
            ObjectMeta metadata, Installation installation, ExternalSecretSpec spec, List<Value> values) {
        return new ExternalSecrets(installation, spec).templated(metadata, values);
    }
}
