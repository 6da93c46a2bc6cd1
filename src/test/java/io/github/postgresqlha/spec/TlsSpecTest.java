package io.github.postgresqlha.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsSpecTest {

    @Test
    void an_existing_secret_has_to_be_named() {
        assertThatThrownBy(() -> TlsSpec.builder().mode(TlsMode.EXISTING_SECRET).build())
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("existingSecret: must be given with mode existingSecret, got nothing;"
                        + " name the Secret with tls.crt, tls.key and ca.crt");
    }

    @Test
    void a_secret_is_not_named_for_nothing() {
        assertThatThrownBy(() -> TlsSpec.builder().existingSecret("mine").build())
                .hasMessageContaining("existingSecret: needs mode existingSecret, got 'mine' with mode generated;"
                        + " set tls.mode to existingSecret, or remove this");
    }

    @Test
    void a_secret_has_a_name_of_kubernetes() {
        assertThatThrownBy(() -> TlsSpec.builder()
                        .mode(TlsMode.EXISTING_SECRET)
                        .existingSecret("My Secret")
                        .build())
                .hasMessageContaining(
                        "existingSecret: must be the name of a Secret, of a-z, 0-9, . and -, got 'My Secret'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"db.example.com", "db", "a-1.example", "1.example"})
    void a_further_name_is_one_of_dns(String name) {
        assertThat(TlsSpec.builder().addAdditionalNames(name).build().additionalNames())
                .containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*.example.com", "Db.example", "10.0.0.1", "a..b", "-a", "a:b", "a b"})
    void another_text_is_none(String name) {
        assertThatThrownBy(() -> TlsSpec.builder().addAdditionalNames(name).build())
                .hasMessageContaining("additionalNames[0]: must be a server's name in DNS, in small letters, got '"
                        + name + "'; write it like db.example.com");
    }

    @Test
    void a_certificate_lasts_longer_than_the_time_before_its_renewal() {
        assertThatThrownBy(() -> CertManagerSpec.builder().durationDays(40).build())
                .hasMessageContaining(
                        "durationDays: must be more than renewBeforeDays 40 and at most 3650 days, got 40; 90 is usual");
    }

    @Test
    void an_issuer_has_a_kind_and_a_group() {
        assertThatThrownBy(() -> IssuerRefSpec.builder()
                        .name("ca")
                        .kind("issuer")
                        .group("Cert Manager")
                        .build())
                .hasMessageContaining("kind: must be a kind of Kubernetes, got 'issuer'; write Issuer or ClusterIssuer")
                .hasMessageContaining(
                        "group: must be an API group of Kubernetes, got 'Cert Manager'; write cert-manager.io");
    }

    @Test
    void none_and_half_of_it_are_warned_of() {
        assertThat(warnings(TlsSpec.builder())).isEmpty();
        assertThat(warnings(TlsSpec.builder().mode(TlsMode.OFF)))
                .singleElement()
                .asString()
                .startsWith(
                        "tls.mode: off: whoever is on the network between pods reads what clients and members send");
        assertThat(warnings(TlsSpec.builder().required(false)))
                .singleElement()
                .asString()
                .startsWith("tls.required: false: members and jobs verify nobody");
        assertThat(warnings(TlsSpec.builder()
                        .mode(TlsMode.CERT_MANAGER)
                        .certManager(
                                CertManagerSpec.builder().renewBeforeDays(30).build())))
                .singleElement()
                .asString()
                .startsWith("tls.certManager.renewBeforeDays: 30 is not more than healthMonitor.certificateMinDays 30");
    }

    /** PgBouncer cannot require that a server asks for a SCRAM proof. */
    @Test
    void a_pooler_that_verifies_nobody_is_warned_of() {
        PostgresqlHaSpec.Builder pooled = PostgresqlHaSpec.builder()
                .pooler(PoolerSpec.builder().enabled(true).build());
        assertThat(pooled.build().warnings()).noneMatch(warning -> warning.startsWith("pooler.enabled"));
        assertThat(pooled.tls(TlsSpec.builder().required(false).build()).build().warnings())
                .anyMatch(warning -> warning.startsWith("pooler.enabled: without TLS that is required"));
    }

    @Test
    void what_counts_for_nothing_is_warned_of() {
        assertThat(warnings(TlsSpec.builder()
                        .certManager(CertManagerSpec.builder().durationDays(100).build())))
                .containsExactly(
                        "tls.certManager: does nothing with tls.mode generated; set that to certManager, or leave this out");
        assertThat(warnings(TlsSpec.builder().mode(TlsMode.OFF).required(false)))
                .contains("tls: nothing but mode counts with mode off; leave the others out");
    }

    private static List<String> warnings(TlsSpec.Builder tls) {
        return PostgresqlHaSpec.builder().tls(tls.build()).build().warnings().stream()
                .filter(warning -> warning.startsWith("tls"))
                .toList();
    }
}
