package io.github.postgresqlha.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the copy gets to its remote: by a Secret or by an identity, and no secret in the specification, which ends in {@code dist/}. */
final class OffsiteRules {

    private static final Pattern LABEL_KEY =
            Pattern.compile("([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final Pattern ENDPOINT = Pattern.compile("([0-9.]+):([1-9][0-9]{0,4})");
    private static final int HIGHEST_PORT = 65_535;

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
                    isEndpoint(endpoint),
                    "identityEndpoints[" + i + "]",
                    "must be an IPv4 address, a colon and a port, got '" + endpoint
                            + "'; write it like 169.254.169.254:80");
        }
    }

    private static boolean isEndpoint(String text) {
        Matcher parts = ENDPOINT.matcher(text);
        return parts.matches()
                && Cidr.matches(parts.group(1) + "/32")
                && Integer.parseInt(parts.group(2)) <= HIGHEST_PORT;
    }

    private static void checkRemote(OffsiteSpec spec, Violations violations) {
        violations.require(
                spec.secret().isEmpty(),
                "rclone",
                "must not be given beside secret, which has '" + spec.secret().orElse("")
                        + "'; define the remote in one place");
        OffsiteRemoteKeys.check(spec.rclone(), violations);
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

    private static void checkName(String path, String key, Violations violations) {
        violations.require(
                LABEL_KEY.matcher(key).matches(),
                path + "." + key,
                "is no name of Kubernetes; write it like eks.amazonaws.com/role-arn");
    }
}
