package io.github.postgresqlha.spec;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;
import org.immutables.value.Value;

/** What the backup volume will have to hold, as far as its user knows: from this its size is checked. */
@Value.Immutable
@SpecStyle
public interface CapacitySpec {

    /** Size of the application's database in bytes, as {@code pg_database_size} gives it. Default: absent, nothing is checked. */
    @Key("Size of the database, as 40Gi, from which the size of the backup volume is checked; absent: it is not")
    Optional<Quantity> databaseSize();

    /** WAL that is written in a day. Default: absent; only dumps and base backups are counted. */
    @Key("Write-ahead log that is written in a day, as 5Gi; absent: it is not counted")
    Optional<Quantity> walPerDay();

    /** Both, as {@code 50Gi} and {@code 5Gi}. */
    static CapacitySpec of(String databaseSize, String walPerDay) {
        return builder()
                .databaseSize(Quantities.of(databaseSize))
                .walPerDay(Quantities.of(walPerDay))
                .build();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link CapacitySpec}. */
    class Builder extends ImmutableCapacitySpec.Builder {
        Builder() {}
    }
}
