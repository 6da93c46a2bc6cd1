package io.github.postgresqlha.kubernetes;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import java.util.Map;
import java.util.TreeMap;

/** The namespace of an installation. */
public final class Namespaces {

    private static final String POD_SECURITY = "pod-security.kubernetes.io/";

    private Namespaces() {}

    /** Where pods of others live in it too it enforces less than this product's own pods keep to. */
    public static Namespace of(Installation installation) {
        Map<String, String> labels = new TreeMap<>(installation.labels().of(Component.NAMESPACE));
        labels.put(
                POD_SECURITY + "enforce",
                installation.spec().podSecurity().enforce().toString());
        labels.put(POD_SECURITY + "warn", "restricted");
        labels.put(POD_SECURITY + "audit", "restricted");
        return new NamespaceBuilder()
                .withNewMetadataLike(installation.kept(
                        installation.metadata(installation.names().namespace(), Component.NAMESPACE)))
                .withNamespace(null)
                .withLabels(labels)
                .endMetadata()
                .build();
    }
}
