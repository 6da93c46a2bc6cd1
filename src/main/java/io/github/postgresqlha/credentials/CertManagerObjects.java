package io.github.postgresqlha.credentials;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.ObjectNames;
import io.github.postgresqlha.spec.CertManagerSpec;
import io.github.postgresqlha.spec.IssuerRefSpec;
import io.github.postgresqlha.spec.TlsMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What cert-manager makes the members' certificate from: its private keys are in Secrets that it writes, never here.
 *
 * @see <a href="https://cert-manager.io/docs/configuration/selfsigned/#bootstrapping-ca-issuers">Bootstrapping CA issuers</a>
 */
public final class CertManagerObjects {

    private static final String GROUP = "cert-manager.io";
    private static final int HOURS_A_DAY = 24;

    /** Of the installation's own authority: it keeps its key, so that what it has signed stays valid when it is renewed. */
    private static final int AUTHORITY_DAYS = 3650;

    private static final int AUTHORITY_RENEWED_DAYS = 365;

    private CertManagerObjects() {}

    /** The certificate, and the authority that signs it unless the specification names another; nothing where cert-manager has no part in it. */
    public static List<HasMetadata> of(Installation installation) {
        if (installation.spec().tls().mode() != TlsMode.CERT_MANAGER) {
            return List.of();
        }
        CertManagerSpec spec = installation.spec().tls().certManager();
        List<HasMetadata> objects = new ArrayList<>();
        if (spec.issuerRef().isEmpty()) {
            objects.addAll(authority(installation));
        }
        IssuerRefSpec issuer = spec.issuerRef()
                .orElseGet(() ->
                        IssuerRefSpec.builder().name(installation.names().ca()).build());
        objects.add(certificate(installation, spec, issuer));
        return objects;
    }

    private static List<HasMetadata> authority(Installation installation) {
        ObjectNames names = installation.names();
        Map<String, Object> certificate = new LinkedHashMap<>();
        certificate.put("secretName", names.ca());
        certificate.put("isCA", true);
        certificate.put("commonName", names.ca());
        certificate.put("duration", hours(AUTHORITY_DAYS));
        certificate.put("renewBefore", hours(AUTHORITY_RENEWED_DAYS));
        certificate.put("privateKey", key("Never"));
        certificate.put("issuerRef", issuer(names.selfSigned(), "Issuer", GROUP));
        return List.of(
                object(installation, "Issuer", names.selfSigned(), Map.of("selfSigned", Map.of())),
                object(installation, "Certificate", names.ca(), certificate),
                object(installation, "Issuer", names.ca(), Map.of("ca", Map.of("secretName", names.ca()))));
    }

    private static HasMetadata certificate(Installation installation, CertManagerSpec spec, IssuerRefSpec issuer) {
        Map<String, Object> certificate = new LinkedHashMap<>();
        certificate.put("secretName", installation.tlsSecretName());
        certificate.put("dnsNames", installation.serverNames());
        certificate.put("usages", List.of("server auth", "client auth"));
        certificate.put("duration", hours(spec.durationDays()));
        certificate.put("renewBefore", hours(spec.renewBeforeDays()));
        certificate.put("privateKey", key("Always"));
        certificate.put("issuerRef", issuer(issuer.name(), issuer.kind(), issuer.group()));
        return object(installation, "Certificate", installation.names().tls(), certificate);
    }

    private static Map<String, Object> key(String rotationPolicy) {
        return new TreeMap<>(Map.of("algorithm", "ECDSA", "size", 256, "rotationPolicy", rotationPolicy));
    }

    private static Map<String, Object> issuer(String name, String kind, String group) {
        return new TreeMap<>(Map.of("name", name, "kind", kind, "group", group));
    }

    private static String hours(int days) {
        return days * HOURS_A_DAY + "h";
    }

    private static GenericKubernetesResource object(
            Installation installation, String kind, String name, Map<String, Object> spec) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(GROUP + "/v1");
        object.setKind(kind);
        object.setMetadata(installation.metadata(name, Component.CREDENTIALS));
        object.setAdditionalProperty("spec", spec);
        return object;
    }
}
