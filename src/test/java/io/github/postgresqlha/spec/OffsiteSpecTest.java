package io.github.postgresqlha.spec;

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
        assertThat(secret(offsite -> offsite).maxAgeMinutes()).isEqualTo(90);
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
                "access_key_id",
                "secret_access_key",
                "session_token",
                "sse_customer_key",
                "shared_credentials_file",
                "profile",
                "access_grant",
                "authorization",
                "upstreams",
                "remote",
                "ssh",
                "Region"
            })
    void a_key_that_is_not_known_to_be_no_secret_is_refused_and_its_value_not_repeated(String key) {
        assertThatThrownBy(() -> identity(offsite -> offsite.putRclone(key, "hunter2")))
                .hasMessageContaining("rclone." + key + ": is no key of this type without a secret")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"alias", "union", "sftp", "local", "storj", "sugarsync", "webdav", "crypt", ":s3,pass=hunter2"})
    void a_type_that_no_identity_opens_is_refused(String type) {
        assertThatThrownBy(() -> OffsiteSpec.builder()
                        .remote("offsite:b/p")
                        .encrypted(false)
                        .putRclone("type", type)
                        .putRclone("remote", "/etc")
                        .build())
                .hasMessageContaining(
                        "rclone.type: must be one of azureblob, azurefiles, google cloud storage, oracleobjectstorage, s3")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://me:hunter2@example.com",
                "me:hunter2@example.com",
                "https://example.com/?sv=1&sig=hunter2",
                ":s3,secret_access_key=hunter2:b",
                "--dump=hunter2",
                "a\nsecret_access_key = hunter2"
            })
    void a_value_that_may_be_more_than_one_is_refused_and_not_repeated(String value) {
        assertThatThrownBy(() -> identity(offsite -> offsite.putRclone("endpoint", value)))
                .hasMessageContaining("rclone.endpoint: must be one line without @ and sig=")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--dump:p", ":s3,secret_access_key=hunter2:b/p", "_x:p", "offsite", "a,pass=hunter2:p"})
    void a_remote_is_a_name_and_a_path(String remote) {
        assertThatThrownBy(() -> OffsiteSpec.builder()
                        .remote(remote)
                        .secret("rclone")
                        .encrypted(false)
                        .build())
                .hasMessageContaining(
                        "remote: must be a remote of rclone.conf, a colon and a path, and begin with a letter or digit")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void what_is_no_secret_is_taken() {
        assertThat(identity(offsite -> offsite.putRclone(
                                        "sse_kms_key_id", "arn:aws:kms:eu-central-1:123456789012:key/1")
                                .putRclone("storage_class", "STANDARD_IA")
                                .putRclone("endpoint", "https://s3.example.com:9000"))
                        .rclone())
                .containsKeys("sse_kms_key_id", "storage_class", "endpoint");
        for (String[] cloud : new String[][] {
            {"google cloud storage", "bucket_policy_only"},
            {"azureblob", "account"},
            {"azurefiles", "share_name"},
            {"oracleobjectstorage", "namespace"}
        }) {
            assertThat(OffsiteSpec.builder()
                            .remote("offsite:b/p")
                            .encrypted(false)
                            .putRclone("type", cloud[0])
                            .putRclone(cloud[1], "x")
                            .build()
                            .rclone())
                    .containsKey(cloud[1]);
        }
    }

    @Test
    void what_cannot_be_is_refused() {
        assertThatThrownBy(() -> identity(offsite -> offsite.putServiceAccountAnnotation("no name", "x")
                        .putPodLabel("app.kubernetes.io/component", "primary")
                        .addIdentityEndpoint("metadata.google.internal:80")))
                .hasMessageContaining("serviceAccountAnnotations.no name: is no name of Kubernetes")
                .hasMessageContaining(
                        "podLabels.app.kubernetes.io/component: must be a label's value, and none of the installation's own")
                .hasMessageContaining("identityEndpoints[0]: must be an IPv4 address, a colon and a port");
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
