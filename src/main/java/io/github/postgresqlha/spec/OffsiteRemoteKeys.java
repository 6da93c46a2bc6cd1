package io.github.postgresqlha.spec;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the specification may say of a remote that a pod's identity opens: it ends in {@code dist/}, where no secret may stand. Only what is
 * known to be none is taken. Other types, as an alias of a folder here, or sftp with a command of its own, are left to the Secret.
 *
 * @see <a href="https://rclone.org/s3/">rclone: S3</a>
 * @see <a href="https://rclone.org/googlecloudstorage/">rclone: Google Cloud Storage</a>
 * @see <a href="https://rclone.org/azureblob/">rclone: Azure Blob</a>
 * @see <a href="https://rclone.org/azurefiles/">rclone: Azure Files</a>
 * @see <a href="https://rclone.org/oracleobjectstorage/">rclone: Oracle Object Storage</a>
 */
final class OffsiteRemoteKeys {

    private static final Set<String> ALL = Set.of("type", "endpoint", "chunk_size", "upload_concurrency");

    private static final Map<String, Set<String>> KEYS = Map.of(
            "s3",
            Set.of(
                    "provider",
                    "env_auth",
                    "region",
                    "location_constraint",
                    "acl",
                    "bucket_acl",
                    "requester_pays",
                    "server_side_encryption",
                    "sse_kms_key_id",
                    "storage_class",
                    "force_path_style",
                    "use_dual_stack",
                    "use_arn_region",
                    "upload_cutoff",
                    "copy_cutoff",
                    "max_upload_parts",
                    "list_chunk",
                    "list_version",
                    "list_url_encode",
                    "no_check_bucket",
                    "disable_http2"),
            "google cloud storage",
            Set.of(
                    "env_auth",
                    "project_number",
                    "user_project",
                    "object_acl",
                    "bucket_acl",
                    "bucket_policy_only",
                    "location",
                    "storage_class",
                    "no_check_bucket"),
            "azureblob",
            Set.of(
                    "account",
                    "env_auth",
                    "tenant",
                    "client_id",
                    "use_msi",
                    "msi_object_id",
                    "msi_client_id",
                    "msi_mi_res_id",
                    "disable_instance_discovery",
                    "access_tier",
                    "upload_cutoff",
                    "list_chunk",
                    "no_check_container"),
            "azurefiles",
            Set.of(
                    "account",
                    "share_name",
                    "env_auth",
                    "tenant",
                    "client_id",
                    "use_msi",
                    "msi_object_id",
                    "msi_client_id",
                    "msi_mi_res_id"),
            "oracleobjectstorage",
            Set.of(
                    "provider",
                    "namespace",
                    "compartment",
                    "region",
                    "storage_tier",
                    "sse_kms_key_id",
                    "upload_cutoff",
                    "copy_cutoff",
                    "no_check_bucket"));

    private OffsiteRemoteKeys() {}

    /** No value is repeated: it may be a secret in the wrong place. */
    static void check(Map<String, String> rclone, Violations violations) {
        Set<String> keys = KEYS.get(rclone.getOrDefault("type", ""));
        violations.require(
                keys != null,
                "rclone.type",
                "must be one of " + KEYS.keySet().stream().sorted().collect(Collectors.joining(", "))
                        + ", which a pod's identity opens; write it like type: s3, or put rclone.conf into a Secret");
        rclone.forEach((key, value) -> {
            violations.require(
                    keys == null || ALL.contains(key) || keys.contains(key),
                    "rclone." + key,
                    "is no key of this type without a secret, and dist/ must hold none; let the pod's identity open the remote"
                            + " (env_auth: true), or put rclone.conf into a Secret");
            violations.require(
                    isHarmless(value),
                    "rclone." + key,
                    "must be one line without @ and sig=, and must not begin with : or -; put rclone.conf into a Secret where it needs one");
        });
    }

    private static boolean isHarmless(String value) {
        return value.chars().noneMatch(Character::isISOControl)
                && Stream.of("@", "sig=").noneMatch(value::contains)
                && Stream.of(":", "-").noneMatch(value::startsWith);
    }
}
