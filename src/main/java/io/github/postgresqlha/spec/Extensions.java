package io.github.postgresqlha.spec;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.SortedMap;
import org.immutables.value.Value;

/** What a specification adds to the product's objects in Kubernetes' own words: of the members, the archiver and all jobs. */
public interface Extensions {

    /** Annotations of the ServiceAccounts of members and jobs, by which a cloud knows them. Default: none. */
    @Key("Annotations of the ServiceAccounts of members and jobs, as eks.amazonaws.com/role-arn")
    @Value.NaturalOrder
    SortedMap<String, String> serviceAccountAnnotations();

    /**
     * Variables of every container of the product. Default: none. An error where the product, a program that it
     * runs, or the shell reads one of the name; names are in capitals, but for those of proxies, as {@code https_proxy}.
     *
     * @see <a href="https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/">Environment variables</a>
     */
    @Key("Variables of every container of the product, as {name: HTTPS_PROXY, value: ...}")
    List<EnvVar> extraEnv();

    /** Volumes of every container of the product. Default: none. */
    @Key("Volumes that every container of the product mounts beside its own")
    List<ExtraVolumeSpec> extraVolumes();

    /**
     * Containers in every pod beside the product's, which start before them and end after them, also in jobs. Default: none. Needs
     * Kubernetes 1.29.
     *
     * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/">Sidecar containers</a>
     */
    @Key(
            "Sidecar containers of every pod, as Kubernetes has them: they start before the product's and end after them; Kubernetes 1.29")
    List<Container> sidecars();

    /** Objects of any kind beside the product's, in a file of their own. Default: none. An error where one has no kind or name, or is a Secret with values. */
    @Key("Objects of any kind beside the product's, written as Kubernetes has them, into the file NAME-extra.yaml")
    List<GenericKubernetesResource> extraObjects();
}
