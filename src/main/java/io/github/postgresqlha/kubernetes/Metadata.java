package io.github.postgresqlha.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;

/** Metadata of the product's objects. */
public final class Metadata {

    /** Tells Argo CD and Flux to leave an object alone when it disappears from the manifests: data hangs on it. */
    public static final Map<String, String> KEPT = Map.of(
            "argocd.argoproj.io/sync-options", "Prune=false,Delete=false",
            "kustomize.toolkit.fluxcd.io/prune", "disabled");

    private Metadata() {}

    /** Metadata of a namespaced object. */
    public static ObjectMeta of(ObjectNames names, String name, Map<String, String> labels) {
        return new ObjectMetaBuilder()
                .withNamespace(names.namespace())
                .withName(name)
                .withLabels(labels)
                .build();
    }

    /** Metadata of an object that holds data. */
    public static ObjectMeta kept(ObjectNames names, String name, Map<String, String> labels) {
        return new ObjectMetaBuilder(of(names, name, labels))
                .withAnnotations(KEPT)
                .build();
    }
}
