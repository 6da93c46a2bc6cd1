package io.github.postgresqlha.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsiteSpecTest {

    @Test
    void a_copy_deletes_unless_it_must_not() {
        assertThat(secret(offsite -> offsite).deletes()).isTrue();
        assertThat(OffsiteSpec.maxAgeMinutes(secret(offsite -> offsite))).isEqualTo(90);
    }

    @Test
    void whether_it_is_encrypted_is_a_choice_that_must_be_made() {
        assertThatThrownBy(() -> OffsiteSpec.builder()
                        .remote("offsite:b/p")
                        .secret("rclone")
                        .build())
                .hasMessageContaining("encrypted: must be given, got nothing")
                .hasMessageContaining(
                        "true: the remote is of rclone's type crypt, and the copy is lost with its passwords")
                .hasMessageContaining("false: whoever can read the bucket can read the database");
    }

    @Test
    void the_remote_is_defined_in_one_place() {
        assertThatThrownBy(() -> OffsiteSpec.builder()
                        .remote("offsite:b/p")
                        .encrypted(false)
                        .build())
                .hasMessageContaining("secret: must be given, got neither secret nor rclone");
        assertThatThrownBy(() -> secret(offsite -> offsite.putRclone("type", "s3")))
                .hasMessageContaining("rclone: must not be given beside secret, which has 'rclone'");
        assertThatThrownBy(() -> OffsiteSpec.builder()
                        .remote("off-site:b/p")
                        .encrypted(true)
                        .putRclone("type", "s3")
                        .build())
                .hasMessageContaining(
                        "remote: must begin with a-z, 0-9 and _ where rclone defines it, got 'off-site:b/p'")
                .hasMessageContaining("encrypted: must be false with rclone, got true; crypt has passwords");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pass",
                "password",
                "password2",
                "secret_access_key",
                "access_key_id",
                "session_token",
                "token",
                "client_secret",
                "sas_url",
                "key",
                "service_account_credentials",
                "bearer_token",
                "connection_string",
                "key_pem",
                "headers",
                "sse_customer_key"
            })
    void a_secret_is_refused_and_not_repeated(String key) {
        assertThatThrownBy(() -> identity(offsite -> offsite.putRclone(key, "hunter2")))
                .hasMessageContaining("rclone." + key + ": names a secret, and dist/ must hold none")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void what_is_no_secret_is_taken() {
        assertThat(identity(offsite -> offsite.putRclone("sse_kms_key_id", "alias/backups")
                                .putRclone("storage_class", "STANDARD_IA"))
                        .rclone())
                .containsKeys("sse_kms_key_id", "storage_class");
    }

    @Test
    void what_cannot_be_is_refused() {
        assertThatThrownBy(() -> identity(offsite -> offsite.putRclone("endpoint", "https://me:hunter2@example.com")
                        .putRclone("Region", "x")
                        .putServiceAccountAnnotation("no name", "x")
                        .putPodLabel("app.kubernetes.io/component", "primary")
                        .addIdentityEndpoint("metadata.google.internal:80")))
                .hasMessageContaining("rclone.endpoint: must be one line, without a user in an address")
                .hasMessageContaining("rclone.Region: must be a key of rclone.conf")
                .hasMessageContaining("serviceAccountAnnotations.no name: is no name of Kubernetes")
                .hasMessageContaining(
                        "podLabels.app.kubernetes.io/component: must be a label's value, and none of the installation's own")
                .hasMessageContaining("identityEndpoints[0]: must be an IPv4 address, a colon and a port")
                .hasMessageNotContaining("hunter2");
    }

    private static OffsiteSpec secret(UnaryOperator<OffsiteSpec.Builder> more) {
        return build(
                OffsiteSpec.builder().remote("offsite:b/p").secret("rclone").encrypted(false), more);
    }

    private static OffsiteSpec identity(UnaryOperator<OffsiteSpec.Builder> more) {
        return build(
                OffsiteSpec.builder().remote("offsite:b/p").encrypted(false).putRclone("type", "s3"), more);
    }

    private static OffsiteSpec build(OffsiteSpec.Builder builder, UnaryOperator<OffsiteSpec.Builder> more) {
        return more.apply(builder).build();
    }
}
