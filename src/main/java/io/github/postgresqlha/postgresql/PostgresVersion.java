package io.github.postgresqlha.postgresql;

import io.github.postgresqlha.annotation.Internal;
import java.util.Optional;

/**
 * The PostgreSQL majors that the product's scripts and parameters are made for.
 *
 * @see <a href="https://www.postgresql.org/support/versioning/">Versioning policy</a>
 */
public enum PostgresVersion {
    /** PostgreSQL 15. */
    V15(15, 18),
    /** PostgreSQL 16. */
    V16(16, 14),
    /** PostgreSQL 17. */
    V17(17, 10),
    /** PostgreSQL 18. */
    V18(18, 4),
    /** PostgreSQL 19. */
    V19(19, 0);

    private final int major;
    private final int minimumMinor;

    PostgresVersion(int major, int minimumMinor) {
        this.major = major;
        this.minimumMinor = minimumMinor;
    }

    /** The major, as the image's tag begins with. */
    public int major() {
        return major;
    }

    /** The oldest minor release in which nothing is known that this product had to fear; the health check warns of older ones. */
    @Internal
    public int minimumMinor() {
        return minimumMinor;
    }

    /** Whether libpq can be told how the other side has to authenticate, {@code require_auth}. */
    @Internal
    public boolean knowsRequiredAuthentication() {
        return compareTo(V16) >= 0;
    }

    /** Whether connections can be reserved for roles that are no superusers. */
    @Internal
    public boolean knowsReservedConnections() {
        return compareTo(V16) >= 0;
    }

    /** What somebody who chooses this major should know. */
    public Optional<String> warning() {
        return this == V19
                ? Optional.of("19 was tested here as its release candidate 1, before its release of 2026-11-19;"
                        + " try your application on a copy first, or take 18")
                : Optional.empty();
    }

    @Override
    public String toString() {
        return String.valueOf(major);
    }
}
