package io.github.postgresqlha.installation;

import io.github.postgresqlha.postgresql.PostgresVersion;
import io.github.postgresqlha.spec.ImagePullPolicy;
import java.util.List;

/**
 * The image of every container of an installation.
 *
 * @param reference name and tag, or digest
 * @param version the PostgreSQL major in it, which the paths of its programs contain
 * @param pullPolicy when a node fetches it
 * @param pullSecrets names of Secrets of the registry
 */
public record ContainerImage(
        String reference, PostgresVersion version, ImagePullPolicy pullPolicy, List<String> pullSecrets) {

    public ContainerImage {
        pullSecrets = List.copyOf(pullSecrets);
    }

    /** PATH of its containers: the product's own programs first, then PostgreSQL's. */
    public String path() {
        return "/scripts/bin:/usr/lib/postgresql/" + version
                + "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    }
}
