package io.github.postgresqlha.spec;

import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** Kubernetes' amounts, as they are written in Java. */
final class Quantities {

    private Quantities() {}

    /** Fabric8 says of a bad one neither what it is nor where. */
    static Quantity of(@Nullable String text) {
        try {
            Quantity quantity = new Quantity(text);
            quantity.getNumericalAmount();
            return quantity;
        } catch (IllegalArgumentException notOne) {
            throw new IllegalArgumentException(
                    "is no quantity, got '" + text + "'; write it like 500m for processors, 4Gi for memory or storage",
                    notOne);
        }
    }

    /** As messages show the size of a volume. */
    static String gibibytes(long bytes) {
        return bytes / (1L << 30) + "Gi";
    }
}
