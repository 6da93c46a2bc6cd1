package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.immutables.value.Value;

/**
 * A start from a backup: the newest good base backup before the target, and the archived write-ahead log up to it. Where that
 * cannot be done the instance says why and tries again; it never makes an empty database instead.
 */
@Value.Immutable
@SpecStyle
public interface FromBackupSpec {

    /** The target that means all that the repository holds. */
    String LATEST = "latest";

    /** A place in the write-ahead log, as PostgreSQL writes it. */
    @Internal
    Pattern PLACE = Pattern.compile("[0-7]?[0-9A-F]{1,7}/[0-9A-F]{1,8}");

    /** The claim of the backup volume that holds the repository; it is only read. Default: absent, the installation's own. An error where it is no name of a claim. */
    @Key("Existing claim of a backup volume in the same namespace, only read; absent: the installation's own")
    Optional<String> claim();

    /**
     * How far: {@code latest}, a time as {@code 2026-01-31T23:59:00Z}, or up to and with the record at a place of the log, as
     * {@code 16/B374D848}. Default: {@code latest}. An error where it is none of these.
     */
    @Key(
            "How far the write-ahead log is replayed: latest, a time with its zone as 2026-01-31T23:59:00Z, or a place in it as 16/B374D848")
    default String target() {
        return LATEST;
    }

    /** Along which timeline. Default: absent, the newest one, and nothing is restored where no base backup leads to it. An error below 1. */
    @Key("Number of the timeline that is followed; absent: the newest, without which nothing is restored")
    Optional<Integer> timeline();

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("FromBackupSpec");
        violations.require(
                claim().stream().allMatch(name -> name.matches("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")),
                "claim",
                "must be the name of a PersistentVolumeClaim, got '" + claim().orElse("")
                        + "'; kubectl get pvc lists them");
        violations.require(
                target().equals(LATEST) || PLACE.matcher(target()).matches() || isTime(target()),
                "target",
                "must be latest, a time with its zone or a place in the log, got '" + target()
                        + "'; write it like 2026-01-31T23:59:00Z or 16/B374D848");
        violations.require(
                timeline().stream().allMatch(number -> number > 0),
                "timeline",
                "must be a timeline's number of at least 1, got '"
                        + timeline().map(String::valueOf).orElse("") + "'; the instance's log says which there are");
        violations.throwIfAny();
    }

    private static boolean isTime(String text) {
        try {
            return OffsetDateTime.parse(text).getNano() % 1000 == 0;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link FromBackupSpec}. */
    class Builder extends ImmutableFromBackupSpec.Builder {
        Builder() {}
    }
}
