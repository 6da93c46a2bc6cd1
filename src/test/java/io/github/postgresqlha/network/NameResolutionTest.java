package io.github.postgresqlha.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.spec.DnsSpec;
import io.github.postgresqlha.testing.YamlText;
import org.junit.jupiter.api.Test;

class NameResolutionTest {

    @Test
    void is_that_of_the_pods_which_the_specification_names() {
        DnsSpec openshift = DnsSpec.builder()
                .putNamespaceLabel("kubernetes.io/metadata.name", "openshift-dns")
                .putPodLabel("dns.operator.openshift.io/daemonset-dns", "default")
                .port(5353)
                .build();
        assertThat(YamlText.of(NameResolution.egress(openshift))).isEqualTo("""
                  - ports:
                      - port: 5353
                        protocol: UDP
                      - port: 5353
                        protocol: TCP
                    to:
                      - namespaceSelector:
                          matchLabels:
                            kubernetes.io/metadata.name: openshift-dns
                        podSelector:
                          matchLabels:
                            dns.operator.openshift.io/daemonset-dns: default
                """);
    }

    @Test
    void goes_to_the_cache_of_the_node_beside_them() {
        DnsSpec cache = DnsSpec.builder().addCidr("169.254.20.10/32").build();
        assertThat(NameResolution.egress(cache)).hasSize(2);
        assertThat(YamlText.of(NameResolution.egress(cache).get(1))).isEqualTo("""
                ports:
                  - port: 53
                    protocol: UDP
                  - port: 53
                    protocol: TCP
                to:
                  - ipBlock:
                      cidr: 169.254.20.10/32
                """);
    }
}
