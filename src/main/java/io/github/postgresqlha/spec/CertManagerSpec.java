package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * How cert-manager makes the certificate.
 *
 * @see <a href="https://cert-manager.io/docs/usage/certificate/">cert-manager: Certificate resource</a>
 */
@Value.Immutable
@SpecStyle
public interface CertManagerSpec {

    /**
     * Who signs. Its certificates must have their authority in {@code ca.crt}, as those of a CA or Vault issuer have; a public one signs no
     * names of a cluster. Default: absent, an authority of the installation's own, which cert-manager makes and keeps in a Secret.
     */
    @Key("Issuer that signs the certificate; absent: an authority of the installation's own")
    Optional<IssuerRefSpec> issuerRef();

    /** How many days a certificate is valid. Default: 90. */
    @Key("How many days a certificate is valid")
    default int durationDays() {
        return 90;
    }

    /** How many days before its end it is renewed. Default: 40, before the health check warns. */
    @Key("How many days before its end a certificate is renewed; more than healthMonitor.certificateMinDays")
    default int renewBeforeDays() {
        return 40;
    }

    @Internal
    @Value.Check
    default void check() {
        new Violations("CertManagerSpec")
                .require(
                        durationDays() > renewBeforeDays() && durationDays() <= 3650,
                        "durationDays",
                        "must be more than renewBeforeDays " + renewBeforeDays() + " and at most 3650 days, got "
                                + durationDays() + "; 90 is usual")
                .require(
                        renewBeforeDays() >= 1,
                        "renewBeforeDays",
                        "must be 1 day or more, got " + renewBeforeDays() + "; raise it")
                .throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link CertManagerSpec}. */
    class Builder extends ImmutableCertManagerSpec.Builder {
        Builder() {}
    }
}
