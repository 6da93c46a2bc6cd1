package io.github.postgresqlha.dist;

/** What wrote a folder. Another version may give other bytes for the same specification. */
public final class Generator {

    private Generator() {}

    /** The version of this library, as its pom has it. */
    public static String version() {
        return Resource.read("version.txt").strip();
    }
}
