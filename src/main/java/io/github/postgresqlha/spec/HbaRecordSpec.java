package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.List;
import org.immutables.value.Value;

/**
 * A further record of {@code pg_hba.conf}. It stands behind those of the product's own roles and of the application's owner, which it can neither
 * lock out nor let in, and before those that follow from declared roles, which it can narrow.
 *
 * @see <a href="https://www.postgresql.org/docs/17/auth-pg-hba-conf.html">The pg_hba.conf file</a>
 */
@Value.Immutable
@SpecStyle
public interface HbaRecordSpec {

    /** Which connections it is about. Default: {@code host}. */
    @Key("Which connections the record is about")
    default HbaType type() {
        return HbaType.HOST;
    }

    /** Names of databases, or {@code all}. Default: {@code all}. Replication is the product's own. */
    @Key(value = "Databases that the record is about, or all of them", word = "all")
    default List<String> databases() {
        return List.of(HbaRecords.ALL);
    }

    /** Names of roles; {@code all} only for {@code reject}. Required. An error where one is the product's own. */
    @Key(value = "Roles that the record is about; all of them only where the method is reject", word = "all")
    List<String> users();

    /** A range of addresses as {@code 10.20.0.0/16}, or {@code all}. Default: {@code all}. */
    @Key("Addresses that the record is about (CIDR), or all")
    default String address() {
        return HbaRecords.ALL;
    }

    /** What it asks of whoever connects. Default: {@code scram-sha-256}. {@code cert} needs the type {@code hostssl}. */
    @Key("What it asks of whoever connects")
    default HbaMethod method() {
        return HbaMethod.SCRAM_SHA_256;
    }

    @Internal
    @Value.Check
    default void check() {
        HbaRecords.check(this);
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link HbaRecordSpec}. */
    class Builder extends ImmutableHbaRecordSpec.Builder {
        Builder() {}
    }
}
