package io.github.postgresqlha;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where jsii, through which cdk8s works in node, keeps what it has unpacked. Where it cannot write, it tries for ever. */
final class PackageCache {

    private PackageCache() {}

    /** @throws NodeException where nothing can be written there */
    static void require(Map<String, String> environment, String system) {
        if (!"disabled".equals(environment.get("JSII_RUNTIME_PACKAGE_CACHE"))) {
            try {
                Path root = Files.createDirectories(root(environment, system));
                Files.delete(Files.createTempFile(root, "pgha-", ".tmp"));
            } catch (IOException failure) {
                throw new NodeException(failure);
            }
        }
    }

    private static Path root(Map<String, String> environment, String system) {
        String given = environment.get("JSII_RUNTIME_PACKAGE_CACHE_ROOT");
        if (given != null) {
            return Path.of(given);
        }
        Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
        if (system.startsWith("Mac")) {
            return home.resolve("Library/Caches/com.amazonaws.jsii/package-cache");
        }
        String caches = environment.get("XDG_CACHE_HOME");
        return (caches == null ? home.resolve(".cache") : Path.of(caches)).resolve("aws/jsii/package-cache");
    }
}
