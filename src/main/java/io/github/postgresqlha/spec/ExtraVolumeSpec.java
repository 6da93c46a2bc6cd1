package io.github.postgresqlha.spec;

import io.fabric8.kubernetes.api.model.Volume;
import io.github.postgresqlha.annotation.Internal;
import java.util.List;
import org.immutables.value.Value;

/**
 * A volume that every container of the product mounts beside its own, as certificates of a company.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/storage/volumes/">Volumes</a>
 */
@Value.Immutable
@SpecStyle
public interface ExtraVolumeSpec {

    /** What is mounted, as Kubernetes has it in {@code volumes}. Required. */
    @Key("The volume as Kubernetes has it, as {name: company-ca, configMap: {name: company-ca}}")
    Volume volume();

    /** Where. Required; an error where it is not absolute, or lies within a mount of the product or a folder of programs, or around one. */
    @Key("Where containers have it: an absolute path, no part of the product's own mounts")
    String mountPath();

    /** Whether containers can only read it. Default: true. */
    @Key("Whether containers can only read it")
    default boolean readOnly() {
        return true;
    }

    @Internal
    @Value.Check
    default void check() {
        new Violations("ExtraVolumeSpec")
                .require(
                        mountPath().matches("/[^:]+")
                                && !List.of(mountPath().split("/", -1)).contains(".."),
                        "mountPath",
                        "must be an absolute path without a colon or .., got '" + mountPath()
                                + "'; write it like /etc/company-ca")
                .require(
                        volume().getName() != null && volume().getName().matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"),
                        "volume",
                        "must have a name of a-z, 0-9 and -, got '" + volume().getName() + "'; give it one")
                .throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link ExtraVolumeSpec}. */
    class Builder extends ImmutableExtraVolumeSpec.Builder {
        Builder() {}
    }
}
