package io.github.postgresqlha.spec;

import java.util.regex.Pattern;

/**
 * The forms of Kubernetes' names.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set">Labels: syntax</a>
 */
final class KubernetesNames {

    private static final Pattern KEY =
            Pattern.compile("([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final Pattern VALUE = Pattern.compile("([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

    /** Labels of DNS with dots between them; digits alone in the last one would make an address of it. */
    private static final Pattern SERVER =
            Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    private static final Pattern OWN = Pattern.compile("postgresqlha\\.github\\.io/.*"
            + "|app\\.kubernetes\\.io/(name|instance|component|part-of|managed-by|version)");

    private KubernetesNames() {}

    static void checkLabel(String path, String key, String value, Violations violations) {
        checkKey(path, key, violations);
        violations.require(
                VALUE.matcher(value).matches(),
                path + "." + key,
                "must be a label's value, at most 63 of A-Z, a-z, 0-9, ., _ and -, got '" + value
                        + "'; choose such a value");
    }

    static void checkOwnLabel(String path, String key, String value, Violations violations) {
        checkLabel(path, key, value, violations);
        checkOwn(path, key, violations);
    }

    static void checkOwnKey(String path, String key, Violations violations) {
        checkKey(path, key, violations);
        checkOwn(path, key, violations);
    }

    static void checkName(String path, String name, String what, Violations violations) {
        violations.require(
                NAME.matcher(name).matches(),
                path,
                "must be the name of " + what + ", of a-z, 0-9, . and -, got '" + name + "'; kubectl get lists them");
    }

    static void checkServer(String path, String name, Violations violations) {
        violations.require(
                name.length() <= 253 && SERVER.matcher(name).matches(),
                path,
                "must be a server's name in DNS, in small letters, got '" + name + "'; write it like db.example.com");
    }

    private static void checkKey(String path, String key, Violations violations) {
        violations.require(
                KEY.matcher(key).matches(),
                path + "." + key,
                "is no name of Kubernetes, got '" + key + "'; write it like example.com/team");
    }

    private static void checkOwn(String path, String key, Violations violations) {
        violations.require(
                !OWN.matcher(key).matches(),
                path + "." + key,
                "is the product's own, got '" + key + "'; Services, policies and tools go by it: choose another");
    }
}
