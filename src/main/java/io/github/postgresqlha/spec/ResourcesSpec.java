package io.github.postgresqlha.spec;

import io.fabric8.kubernetes.api.model.Quantity;
import io.github.postgresqlha.annotation.Internal;
import java.math.BigDecimal;
import org.immutables.value.Value;

/**
 * What a container asks of its node and what it may use at most.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/">Resource management</a>
 */
@Value.Immutable
@SpecStyle
public interface ResourcesSpec {

    /** What the node reserves. Required; an error where it is more than the limit. */
    @Key("What the node reserves for the container")
    ResourceAmountsSpec requests();

    /** What the container may use. Required. */
    @Key("What the container may use at most")
    ResourceAmountsSpec limits();

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("ResourcesSpec");
        requireSome(violations, "requests.cpu", requests().cpu());
        requireSome(violations, "requests.memory", requests().memory());
        requireKinds(violations, "requests", requests());
        requireKinds(violations, "limits", limits());
        requireAtMost(violations, "requests.cpu", requests().cpu(), limits().cpu());
        requireAtMost(violations, "requests.memory", requests().memory(), limits().memory());
        violations.throwIfAny();
    }

    private static void requireSome(Violations violations, String path, Quantity request) {
        violations.require(
                request.getNumericalAmount().signum() > 0,
                path,
                "must be more than 0, got " + request + "; the container needs some");
    }

    /** Each is an amount of its own kind: 128m is no memory, and 2Gi are no processors. */
    private static void requireKinds(Violations violations, String path, ResourceAmountsSpec amounts) {
        BigDecimal memory = amounts.memory().getNumericalAmount();
        violations
                .require(
                        memory.signum() <= 0 || memory.compareTo(BigDecimal.valueOf(1 << 20)) >= 0,
                        path + ".memory",
                        "must be at least 1Mi, got " + amounts.memory() + "; write it like 512Mi or 4Gi")
                .require(
                        amounts.cpu().getNumericalAmount().compareTo(BigDecimal.valueOf(1024)) <= 0,
                        path + ".cpu",
                        "must be at most 1024 processors, got " + amounts.cpu() + "; write it like 500m or 2");
    }

    private static void requireAtMost(Violations violations, String path, Quantity request, Quantity limit) {
        violations.require(
                request.getNumericalAmount().compareTo(limit.getNumericalAmount()) <= 0,
                path,
                "must not be more than its limit " + limit + ", got " + request + "; lower it or raise the limit");
    }

    /** All four amounts at once. */
    static ResourcesSpec of(ResourceAmountsSpec requests, ResourceAmountsSpec limits) {
        return builder().requests(requests).limits(limits).build();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link ResourcesSpec}. */
    class Builder extends ImmutableResourcesSpec.Builder {
        Builder() {}
    }
}
