package io.github.postgresqlha.spec;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.github.postgresqlha.annotation.Internal;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What users may add to pods and beside the product's objects. What collides with one of the product's own is found where it is added. */
@Internal
public final class ExtensionRules {

    private ExtensionRules() {}

    static void check(PostgresqlHaSpec spec, Violations violations) {
        spec.serviceAccountAnnotations()
                .keySet()
                .forEach(key -> KubernetesNames.checkOwnKey("serviceAccountAnnotations", key, violations));
        variables("extraEnv", spec.extraEnv(), violations);
        for (int i = 0; i < spec.sidecars().size(); i++) {
            sidecar("sidecars[" + i + "]", spec.sidecars().get(i), violations);
        }
        for (int i = 0; i < spec.extraObjects().size(); i++) {
            object("extraObjects[" + i + "]", spec.extraObjects().get(i), violations);
        }
    }

    /** Variables that are added to the product's containers, by whichever way. */
    public static void variables(String path, List<EnvVar> variables, Violations violations) {
        for (int i = 0; i < variables.size(); i++) {
            variable(path + "[" + i + "]", variables.get(i).getName(), violations);
        }
    }

    private static void variable(String path, @Nullable String name, Violations violations) {
        boolean named = name != null && name.matches("[A-Za-z_][A-Za-z0-9_]*");
        violations.require(named, path, "must have a name of A-Z, a-z, 0-9 and _, got '" + name + "'; give it one");
        violations.require(
                name == null || !named || !ProductVariables.contain(name),
                path,
                "is read by the product's programs, got '" + name
                        + "'; they would do something else: use a key of the specification, or another name in capitals");
    }

    private static void sidecar(String path, Container container, Violations violations) {
        violations.require(
                container.getName() != null && container.getName().matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"),
                path,
                "must have a name of a-z, 0-9 and -, got '" + container.getName() + "'; give it one");
        violations.require(
                container.getImage() != null
                        && container.getImage().matches(".*[:@][^/]+")
                        && !container.getImage().endsWith(":latest"),
                path,
                "must have an image with a tag that says what runs, got '" + container.getImage() + "'; name one");
    }

    private static void object(String path, GenericKubernetesResource object, Violations violations) {
        boolean named =
                Stream.of(object.getApiVersion(), object.getKind()).noneMatch(value -> value == null || value.isBlank())
                        && object.getMetadata() != null
                        && object.getMetadata().getName() != null;
        violations.require(
                named,
                path,
                "must have apiVersion, kind and metadata.name, got " + object.getApiVersion() + " " + object.getKind()
                        + "; write the whole object");
        violations.require(
                !named || object.getMetadata().getName().matches("[^\\s/%]+"),
                path,
                "must have a name of Kubernetes, got '"
                        + (named ? object.getMetadata().getName() : "") + "'; rename it");
        violations.require(
                !"Secret".equals(object.getKind())
                        || Stream.of("data", "stringData").noneMatch(object.getAdditionalProperties()::containsKey),
                path,
                "must be no Secret with values: dist/ holds no password; make it in the cluster, or name an ExternalSecret");
    }
}
