package io.github.postgresqlha.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.CertManagerSpec;
import io.github.postgresqlha.spec.IssuerRefSpec;
import io.github.postgresqlha.spec.TlsMode;
import io.github.postgresqlha.spec.TlsSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CertManagerObjectsTest {

    @Test
    void there_are_none_without_cert_manager() {
        assertThat(CertManagerObjects.of(Installation.of(Examples.standard()))).isEmpty();
    }

    @Test
    void an_authority_of_its_own_is_made_from_nothing_and_keeps_its_key() {
        List<HasMetadata> objects = objects(CertManagerSpec.builder().build());
        assertThat(objects)
                .extracting(
                        object -> object.getKind() + " " + object.getMetadata().getName())
                .containsExactly(
                        "Issuer postgresql-self-signed",
                        "Certificate postgresql-ca",
                        "Issuer postgresql-ca",
                        "Certificate postgresql-tls");
        assertThat(spec(objects.get(1))).isEqualTo("""
                commonName: postgresql-ca
                duration: 87600h
                isCA: true
                issuerRef:
                  group: cert-manager.io
                  kind: Issuer
                  name: postgresql-self-signed
                privateKey:
                  algorithm: ECDSA
                  rotationPolicy: Never
                  size: 256
                renewBefore: 8760h
                secretName: postgresql-ca
                """);
    }

    @Test
    void an_issuer_that_is_there_signs_for_every_name() {
        List<HasMetadata> objects = objects(CertManagerSpec.builder()
                .issuerRef(IssuerRefSpec.builder()
                        .name("company")
                        .kind("ClusterIssuer")
                        .build())
                .durationDays(60)
                .renewBeforeDays(45)
                .build());
        assertThat(objects)
                .singleElement()
                .satisfies(certificate -> assertThat(spec(certificate)).isEqualTo("""
                dnsNames:
                  - postgresql-primary
                  - postgresql-primary.airflow
                  - postgresql-primary.airflow.svc
                  - postgresql-primary.airflow.svc.cluster.local
                  - postgresql-standby
                  - postgresql-standby.airflow
                  - postgresql-standby.airflow.svc
                  - postgresql-standby.airflow.svc.cluster.local
                  - postgresql-primary-0.postgresql-peers
                  - postgresql-primary-0.postgresql-peers.airflow
                  - postgresql-primary-0.postgresql-peers.airflow.svc
                  - postgresql-primary-0.postgresql-peers.airflow.svc.cluster.local
                  - postgresql-standby-0.postgresql-peers
                  - postgresql-standby-0.postgresql-peers.airflow
                  - postgresql-standby-0.postgresql-peers.airflow.svc
                  - postgresql-standby-0.postgresql-peers.airflow.svc.cluster.local
                  - localhost
                duration: 1440h
                issuerRef:
                  group: cert-manager.io
                  kind: ClusterIssuer
                  name: company
                privateKey:
                  algorithm: ECDSA
                  rotationPolicy: Always
                  size: 256
                renewBefore: 1080h
                secretName: postgresql-tls
                usages:
                  - server auth
                  - client auth
                """));
    }

    private static List<HasMetadata> objects(CertManagerSpec certManager) {
        return CertManagerObjects.of(Installation.of(Examples.tls(TlsSpec.builder()
                .mode(TlsMode.CERT_MANAGER)
                .certManager(certManager)
                .build())));
    }

    private static String spec(HasMetadata object) {
        Object spec =
                ((GenericKubernetesResource) object).getAdditionalProperties().get("spec");
        return YamlText.of(Objects.requireNonNull(spec));
    }
}
