package io.github.postgresqlha.kubernetes;

import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;

/**
 * What every pod of the product gives up, so that Pod Security's level {@code restricted} admits it.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">Pod Security Standards</a>
 */
public final class Hardening {

    /** The user and group {@code postgres} of the image. */
    public static final long POSTGRES_ID = 999L;

    private Hardening() {}

    /**
     * The pod's part. The group is set only where a volume's root lacks it: another mount of the same volume would
     * otherwise make the data directory readable by the group, and PostgreSQL then refuses to start.
     */
    public static PodSecurityContext pod() {
        return new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withRunAsUser(POSTGRES_ID)
                .withRunAsGroup(POSTGRES_ID)
                .withFsGroup(POSTGRES_ID)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }

    /** The container's part. */
    public static SecurityContext container() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }
}
