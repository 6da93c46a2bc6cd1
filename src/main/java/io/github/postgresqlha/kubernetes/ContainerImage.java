package io.github.postgresqlha.kubernetes;

import java.util.List;

/**
 * The image of every container of an installation.
 *
 * @param reference name and tag, or digest
 * @param postgresMajor the PostgreSQL major in it, which the paths of its programs contain
 * @param pullPolicy {@code IfNotPresent}, {@code Always} or {@code Never}
 * @param pullSecrets names of Secrets of the registry
 */
public record ContainerImage(String reference, int postgresMajor, String pullPolicy, List<String> pullSecrets) {

    public ContainerImage {
        pullSecrets = List.copyOf(pullSecrets);
    }

    /** PATH of its containers: the product's own programs first, then PostgreSQL's. */
    public String path() {
        return "/scripts/bin:/usr/lib/postgresql/" + postgresMajor
                + "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    }
}
