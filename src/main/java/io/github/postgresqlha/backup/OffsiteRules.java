package io.github.postgresqlha.backup;

import io.github.postgresqlha.spec.Violations;
import java.util.regex.Pattern;

/** How the copy gets to its remote: by a Secret or by an identity, and no secret in the specification, which ends in {@code dist/}. */
final class OffsiteRules {

    /** What rclone's backends call their secrets. */
    private static final Pattern SECRETS = Pattern.compile(
            ".*(pass|secret|token|credential|key|sas|connection_string|signature|cookie|header|auth_code).*");

    /** A key's name in a cloud, which opens nothing. */
    private static final String KEY_NAME = "sse_kms_key_id";

    private static final Pattern USER_IN_URL = Pattern.compile("(?s).*://[^/]*@.*");
    private static final Pattern LABEL_KEY =
            Pattern.compile("([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final Pattern ENDPOINT = Pattern.compile("([0-9]{1,3}\\.){3}[0-9]{1,3}:[1-9][0-9]{0,4}");

    private OffsiteRules() {}

    static void check(OffsiteSpec spec, Violations violations) {
        spec.secret()
                .ifPresent(secret -> violations.require(
                        secret.matches("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"),
                        "secret",
                        "must be the name of a Secret, got '" + secret
                                + "'; put rclone.conf into one and name it here"));
        violations.require(
                spec.secret().isPresent() || !spec.rclone().isEmpty(),
                "secret",
                "must be given, got neither secret nor rclone; put rclone.conf into a Secret and name it here, or define the remote in rclone");
        if (!spec.rclone().isEmpty()) {
            checkRemote(spec, violations);
        }
        spec.rclone().forEach((key, value) -> checkKey(key, value, violations));
        spec.serviceAccountAnnotations()
                .keySet()
                .forEach(key -> checkName("serviceAccountAnnotations", key, violations));
        spec.podLabels().forEach((key, value) -> {
            checkName("podLabels", key, violations);
            violations.require(
                    value.matches("([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?")
                            && !key.contains("postgresqlha.github.io/")
                            && !key.startsWith("app.kubernetes.io/"),
                    "podLabels." + key,
                    "must be a label's value, and none of the installation's own labels, got '" + value
                            + "'; write it like \"true\"");
        });
        for (int i = 0; i < spec.identityEndpoints().size(); i++) {
            String endpoint = spec.identityEndpoints().get(i);
            violations.require(
                    ENDPOINT.matcher(endpoint).matches(),
                    "identityEndpoints[" + i + "]",
                    "must be an IPv4 address, a colon and a port, got '" + endpoint
                            + "'; write it like 169.254.169.254:80");
        }
    }

    private static void checkRemote(OffsiteSpec spec, Violations violations) {
        violations.require(
                spec.secret().isEmpty(),
                "rclone",
                "must not be given beside secret, which has '" + spec.secret().orElse("")
                        + "'; define the remote in one place");
        violations.require(
                spec.rclone().containsKey("type"),
                "rclone",
                "must say the remote's type, got none; write it like type: s3");
        violations.require(
                spec.remote().matches("[a-z][a-z0-9_]*:.*"),
                "remote",
                "must begin with a-z, 0-9 and _ where rclone defines it, got '" + spec.remote()
                        + "'; write it like offsite:bucket/postgresql");
        violations.require(
                !spec.encrypted().orElse(false),
                "encrypted",
                "must be false with rclone, got true; crypt has passwords: put rclone.conf, with env_auth and crypt, into a Secret");
    }

    private static void checkKey(String key, String value, Violations violations) {
        violations.require(
                key.matches("[a-z][a-z0-9_]*"),
                "rclone." + key,
                "must be a key of rclone.conf, a-z, 0-9 and _; write it like env_auth");
        violations.require(
                key.equals(KEY_NAME) || !SECRETS.matcher(key).matches(),
                "rclone." + key,
                "names a secret, and dist/ must hold none; let the pod's identity open the remote (env_auth: true), or put rclone.conf into a Secret");
        violations.require(
                !USER_IN_URL.matcher(value).matches() && value.chars().noneMatch(Character::isISOControl),
                "rclone." + key,
                "must be one line, without a user in an address; put rclone.conf into a Secret where it needs one");
    }

    private static void checkName(String path, String key, Violations violations) {
        violations.require(
                LABEL_KEY.matcher(key).matches(),
                path + "." + key,
                "is no name of Kubernetes; write it like eks.amazonaws.com/role-arn");
    }
}
