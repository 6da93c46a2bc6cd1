package io.github.postgresqlha.edit;

import java.util.Collection;
import java.util.List;

/** Where volumes are mounted in a container. */
final class Mounts {

    private Mounts() {}

    /** The new ones that would hide one of the old ones, or something in it. */
    static List<String> overlaps(Collection<?> before, Collection<?> after) {
        return after.stream()
                .filter(mount -> !before.contains(mount))
                .map(String::valueOf)
                .filter(mount -> before.stream()
                        .map(String::valueOf)
                        .anyMatch(old -> isWithin(mount, old) || isWithin(old, mount)))
                .toList();
    }

    private static boolean isWithin(String inner, String outer) {
        return path(inner).startsWith(path(outer));
    }

    /** Paths stand in brackets, as the items of a list. */
    private static String path(String mount) {
        String path = mount.substring(1, mount.length() - 1);
        return path.endsWith("/") ? path : path + "/";
    }
}
