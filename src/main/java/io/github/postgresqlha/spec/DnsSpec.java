package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.List;
import java.util.SortedMap;
import org.immutables.value.Value;

/**
 * Who resolves names for the pods: by default the pods of kube-dns or CoreDNS, label {@code k8s-app: kube-dns}, in kube-system.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/">DNS for Services and Pods</a>
 */
@Value.Immutable
@SpecStyle
public interface DnsSpec {

    /** Labels of the pods that resolve names. Default: none, which means {@code k8s-app: kube-dns}. */
    @Key("Labels of the pods that resolve names; none: k8s-app: kube-dns")
    @Value.NaturalOrder
    SortedMap<String, String> podLabels();

    /** Labels of their namespace. Default: none, which means {@code kubernetes.io/metadata.name: kube-system}. */
    @Key("Labels of their namespace; none: kubernetes.io/metadata.name: kube-system")
    @Value.NaturalOrder
    SortedMap<String, String> namespaceLabels();

    /**
     * Addresses that resolve names, beside those pods. Default: none; NodeLocal DNSCache has 169.254.20.10/32. An error where one is no range.
     *
     * @see <a href="https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/">NodeLocal DNSCache</a>
     */
    @Key("Addresses that resolve names beside those pods (CIDR); NodeLocal DNSCache has 169.254.20.10/32")
    List<String> cidrs();

    /** The port of those pods, which need not be that of their Service. Default: 53; OpenShift has 5353. */
    @Key("Port of those pods, by UDP and TCP; OpenShift has 5353")
    default int port() {
        return 53;
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("DnsSpec");
        podLabels().forEach((key, value) -> KubernetesNames.checkLabel("podLabels", key, value, violations));
        namespaceLabels()
                .forEach((key, value) -> KubernetesNames.checkLabel("namespaceLabels", key, value, violations));
        for (int i = 0; i < cidrs().size(); i++) {
            String range = cidrs().get(i);
            violations.require(
                    Cidr.matches(range),
                    "cidrs[" + i + "]",
                    "is no range of addresses, got '" + range + "'; write it like 169.254.20.10/32");
        }
        violations.require(
                port() >= 1 && port() <= 65535,
                "port",
                "must be 1 to 65535, got " + port() + "; most clusters have 53");
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link DnsSpec}. */
    class Builder extends ImmutableDnsSpec.Builder {
        Builder() {}
    }
}
