package io.github.postgresqlha.dist;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The resources of this package. */
final class Resource {

    /** They are the same for every installation, and few. */
    private static final Map<String, String> READ = new ConcurrentHashMap<>();

    private Resource() {}

    static String read(String name) {
        return READ.computeIfAbsent(name, Resource::load);
    }

    private static String load(String name) {
        try (InputStream resource = Resource.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + name, e);
        }
    }
}
