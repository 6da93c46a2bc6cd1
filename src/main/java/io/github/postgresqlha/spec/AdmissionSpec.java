package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.List;
import java.util.regex.Pattern;
import org.immutables.value.Value;

/**
 * Whether the Kubernetes API refuses what destroys the installation or poses as it: pods of others with its labels, names, Secrets,
 * claims or accounts, programs in its pods, deletion of what holds data, changes that part a member from its data.
 *
 * @see <a href="https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/">Validating admission policy</a>
 */
@Value.Immutable
@SpecStyle
public interface AdmissionSpec {

    /** Whether there are policies. Default: false, because they are objects of the cluster, which who applies must be allowed to make. Kubernetes 1.30 and newer. */
    @Key(
            "Whether ValidatingAdmissionPolicies refuse what destroys the installation or poses as it; they are objects of the cluster, and need Kubernetes 1.30")
    default boolean enabled() {
        return false;
    }

    /** Users as which the cluster's controllers make pods, beside Kubernetes' usual ones. Default: none. An error where one is no user's name. */
    @Key("Users as which the cluster's controllers make pods, where they are not Kubernetes' usual ones")
    List<String> controllers();

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("AdmissionSpec");
        Pattern user = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@/-]{0,252}");
        for (int i = 0; i < controllers().size(); i++) {
            String name = controllers().get(i);
            violations.require(
                    user.matcher(name).matches(),
                    "controllers[" + i + "]",
                    "is no name of a user, got '" + name
                            + "'; write it as kubectl auth whoami shows it, like system:kube-controller-manager");
        }
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link AdmissionSpec}. */
    class Builder extends ImmutableAdmissionSpec.Builder {
        Builder() {}
    }
}
