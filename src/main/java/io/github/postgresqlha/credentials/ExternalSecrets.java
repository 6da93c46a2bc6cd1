package io.github.postgresqlha.credentials;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.postgresql.DatabaseRole;
import io.github.postgresqlha.spec.ExternalSecretSpec;
import io.github.postgresqlha.spec.PasswordGeneratorSpec;
import io.github.postgresqlha.spec.RemoteKeySpec;
import io.github.postgresqlha.spec.SecretStoreRefSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What tells the operator External Secrets to make the Secret of the passwords.
 *
 * @see <a href="https://external-secrets.io/latest/api/externalsecret/">ExternalSecret</a>
 */
final class ExternalSecrets {

    private static final String GENERATORS = "generators.external-secrets.io/v1alpha1";
    private static final String KIND = "ExternalSecret";

    private final Installation installation;
    private final ExternalSecretSpec spec;

    ExternalSecrets(Installation installation, ExternalSecretSpec spec) {
        this.installation = installation;
        this.spec = spec;
    }

    static List<HasMetadata> of(Installation installation) {
        ExternalSecretSpec spec =
                installation.spec().credentials().externalSecret().orElseThrow();
        ExternalSecrets secrets = new ExternalSecrets(installation, spec);
        return spec.passwordGenerator()
                .map(secrets::generated)
                .orElseGet(() -> List.of(secrets.stored(spec.secretStoreRef().orElseThrow())));
    }

    /** Whatever becomes of this object, the Secret stays: a database whose passwords are gone cannot fail over. */
    private HasMetadata stored(SecretStoreRefSpec store) {
        return object(
                "external-secrets.io/v1",
                KIND,
                installation.secretName(),
                Map.of(
                        "secretStoreRef",
                        Map.of("name", store.name(), "kind", store.kind().toString()),
                        "refreshInterval",
                        spec.refreshInterval(),
                        "target",
                        target(installation.secretName()),
                        "data",
                        PasswordSource.all(installation).stream()
                                .map(source -> Map.of(
                                        "secretKey", source.key(), "remoteRef", new TreeMap<>(remote(source.role()))))
                                .toList()));
    }

    /** A Secret of texts with passwords in them. It holds nothing that cannot be made again. */
    HasMetadata templated(ObjectMeta metadata, List<ConnectionSecret.Value> values) {
        SecretStoreRefSpec store = spec.secretStoreRef().orElseThrow();
        SortedMap<String, String> texts = new TreeMap<>();
        values.forEach(value -> texts.put(value.key(), value.template()));
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion("external-secrets.io/v1");
        object.setKind(KIND);
        object.setMetadata(metadata);
        object.setAdditionalProperty(
                "spec",
                new TreeMap<>(Map.of(
                        "secretStoreRef",
                        Map.of("name", store.name(), "kind", store.kind().toString()),
                        "refreshInterval",
                        spec.refreshInterval(),
                        "target",
                        Map.of(
                                "name",
                                metadata.getName(),
                                "creationPolicy",
                                "Owner",
                                "template",
                                Map.of("engineVersion", "v2", "data", texts)),
                        "data",
                        values.stream()
                                .map(ConnectionSecret.Value::role)
                                .distinct()
                                .map(role ->
                                        Map.of("secretKey", variable(role), "remoteRef", new TreeMap<>(remote(role))))
                                .toList())));
        return object;
    }

    /** What a template calls a role's password. */
    static String variable(String role) {
        return DatabaseRole.secretKey(role);
    }

    private Map<String, String> remote(String role) {
        Optional<RemoteKeySpec> own = spec.remoteKeys().stream()
                .filter(remote -> remote.role().equals(role))
                .findFirst();
        Map<String, String> reference = new TreeMap<>();
        reference.put("key", own.map(RemoteKeySpec::key).or(spec::remoteKey).orElseThrow());
        own.map(RemoteKeySpec::property)
                .orElse(Optional.of(DatabaseRole.secretKey(role)))
                .ifPresent(property -> reference.put("property", property));
        return reference;
    }

    private List<HasMetadata> generated(PasswordGeneratorSpec generator) {
        String name = installation.names().manifest("password");
        List<HasMetadata> objects = new ArrayList<>();
        objects.add(object(
                GENERATORS,
                "Password",
                name,
                Map.of(
                        "length",
                        generator.length(),
                        "digits",
                        8,
                        "symbols",
                        0,
                        "noUpper",
                        false,
                        "allowRepeat",
                        true)));
        for (PasswordSource source : PasswordSource.all(installation)) {
            objects.add(object(
                    "external-secrets.io/v1",
                    KIND,
                    source.secret(),
                    Map.of(
                            "refreshPolicy",
                            "CreatedOnce",
                            "target",
                            target(source.secret()),
                            "dataFrom",
                            List.of(Map.of(
                                    "sourceRef",
                                    Map.of(
                                            "generatorRef",
                                            Map.of("apiVersion", GENERATORS, "kind", "Password", "name", name)),
                                    "rewrite",
                                    List.of(Map.of(
                                            "regexp", Map.of("source", "password", "target", source.key()))))))));
        }
        return objects;
    }

    private static Map<String, Object> target(String secret) {
        return Map.of("name", secret, "creationPolicy", "Orphan", "deletionPolicy", "Retain");
    }

    private HasMetadata object(String apiVersion, String kind, String name, Map<String, Object> spec) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(apiVersion);
        object.setKind(kind);
        object.setMetadata(installation.metadata(name, Component.CREDENTIALS));
        object.setAdditionalProperty("spec", new TreeMap<>(spec));
        return object;
    }
}
