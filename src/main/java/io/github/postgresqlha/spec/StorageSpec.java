package io.github.postgresqlha.spec;

import io.fabric8.kubernetes.api.model.Quantity;
import io.github.postgresqlha.annotation.Internal;
import java.math.BigDecimal;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * One volume.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/storage/persistent-volumes/">Persistent volumes</a>
 */
@Value.Immutable
@SpecStyle
public interface StorageSpec {

    /** Its size in bytes, as {@code 100Gi}. Required; it can grow later where the class allows that, never shrink. */
    @Key("Size of the volume, as 100Gi; it can grow later, never shrink")
    Quantity size();

    /** The class that makes it. Default: absent, the cluster's default class. */
    @Key("StorageClass of the volume; absent: the cluster's default class")
    Optional<String> storageClassName();

    /** Who can mount it at a time. Default: {@code ReadWriteOnce}. */
    @Key("Who can mount the volume at a time")
    default AccessMode accessMode() {
        return AccessMode.READ_WRITE_ONCE;
    }

    /** Its size as a number. */
    @Value.NonAttribute
    default long bytes() {
        return size().getNumericalAmount().longValue();
    }

    @Internal
    @Value.Check
    default void check() {
        // Read as every size is: Quantity rounds such large ones.
        BigDecimal largest = new Quantity("1Ei").getNumericalAmount();
        Violations violations = new Violations("StorageSpec");
        // An empty one is a name too: no class, and so no volume made on demand.
        storageClassName()
                .filter(name -> !name.isEmpty())
                .ifPresent(name -> KubernetesNames.checkName("storageClassName", name, "a StorageClass", violations));
        violations
                .require(
                        size().getNumericalAmount().compareTo(largest) <= 0,
                        "size",
                        "must be at most 1Ei, got " + size() + "; no volume is that large")
                .require(
                        size().getNumericalAmount().compareTo(BigDecimal.valueOf(1L << 30)) >= 0,
                        "size",
                        "must be at least 1Gi, got " + size() + "; raise it")
                .throwIfAny();
    }

    /**
     * A volume of the default class.
     *
     * @throws IllegalArgumentException if the size is no quantity of Kubernetes
     */
    static StorageSpec of(String size) {
        return builder().size(Quantities.of(size)).build();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link StorageSpec}. */
    class Builder extends ImmutableStorageSpec.Builder {
        Builder() {}
    }
}
