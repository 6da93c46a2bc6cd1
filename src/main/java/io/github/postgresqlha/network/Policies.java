package io.github.postgresqlha.network;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.Ports;
import io.github.postgresqlha.spec.MetricsSpec;
import io.github.postgresqlha.spec.SourceSpec;
import io.github.postgresqlha.spec.VaultAgentSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The installation's NetworkPolicies. They select only its own pods: everything is denied, then exactly the flows that
 * the manifests need are allowed.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/network-policies/">Network Policies</a>
 */
public final class Policies {

    private final Installation installation;

    private Policies(Installation installation) {
        this.installation = installation;
    }

    /** Let in the product's own pods and the specification's clients. */
    public static List<NetworkPolicy> of(Installation installation) {
        return new Policies(installation).all();
    }

    private List<NetworkPolicy> all() {
        List<NetworkPolicy> all = new ArrayList<>(List.of(denyAll(), dns(), members(), jobs(), connections()));
        if (installation.isAutomatic()) {
            all.add(patroni());
        }
        if (installation.spec().pooler().enabled()) {
            all.add(pooler());
        }
        if (!installation.spec().network().sources().isEmpty()) {
            all.add(sources());
        }
        metrics().ifPresent(all::add);
        installation.spec().credentials().vaultAgent().ifPresent(agent -> all.add(vault(agent)));
        return List.copyOf(all);
    }

    /** Vault's agents fetch the passwords. */
    private NetworkPolicy vault(VaultAgentSpec agent) {
        return egress("vault", installation.labels().allPods(), PolicyRules.toRange(agent.cidr(), agent.port()));
    }

    /** A member reads the database that it imports. */
    private NetworkPolicy sources() {
        return policy(
                "sources",
                installation.labels().members(),
                List.of("Egress"),
                List.of(),
                installation.spec().network().sources().stream()
                        .map(Policies::toSource)
                        .toList());
    }

    private static NetworkPolicyEgressRule toSource(SourceSpec source) {
        return source.cidr()
                .map(range -> PolicyRules.toRange(range, source.port()))
                .orElseGet(() ->
                        PolicyRules.to(Clients.peer(source.podLabels(), source.namespaceLabels()), source.port()));
    }

    /** Patroni asks the other members' Patroni, and keeps its state in the Kubernetes API. */
    private NetworkPolicy patroni() {
        NetworkPolicyPeer members = PolicyRules.pods(installation.labels().members());
        return policy(
                "patroni",
                installation.labels().members(),
                List.of("Ingress", "Egress"),
                List.of(PolicyRules.from(List.of(members), Ports.PATRONI)),
                List.of(
                        PolicyRules.to(members, Ports.PATRONI),
                        PolicyRules.kubernetesTo(installation.spec().network().apiServerCidr())));
    }

    /** Clients reach the pooler; what it asks members for goes the way of the jobs. */
    private NetworkPolicy pooler() {
        List<NetworkPolicyPeer> clients = Clients.of(installation);
        List<NetworkPolicyIngressRule> ingress = new ArrayList<>();
        if (!clients.isEmpty()) {
            ingress.add(PolicyRules.from(clients, Ports.POOLER));
            if (installation.spec().pooler().readOnly()) {
                ingress.add(PolicyRules.from(clients, Ports.POOLER_READ));
            }
        }
        return policy("pooler", installation.labels().pods(Component.POOLER), List.of("Ingress"), ingress, List.of());
    }

    /** Whoever fetches the figures: of the exporters, and of Patroni, which shows them beside its API. */
    private Optional<NetworkPolicy> metrics() {
        MetricsSpec spec = installation.spec().metrics();
        if (!spec.enabled() || spec.scrapers().isEmpty()) {
            return Optional.empty();
        }
        List<NetworkPolicyPeer> scrapers = spec.scrapers().stream()
                .map(client -> Clients.peer(client.podLabels(), client.namespaceLabels()))
                .toList();
        List<NetworkPolicyIngressRule> ingress = new ArrayList<>(List.of(PolicyRules.from(scrapers, Ports.METRICS)));
        if (installation.isAutomatic()) {
            ingress.add(PolicyRules.from(scrapers, Ports.PATRONI));
        }
        return Optional.of(policy("metrics", installation.labels().members(), List.of("Ingress"), ingress, List.of()));
    }

    private NetworkPolicy denyAll() {
        return policy("deny-all", installation.labels().allPods(), List.of("Ingress", "Egress"), List.of(), List.of());
    }

    private NetworkPolicy dns() {
        return policy(
                "dns",
                installation.labels().allPods(),
                List.of("Egress"),
                List.of(),
                NameResolution.egress(installation.spec().network().dns()));
    }

    /** Replication, pg_rewind and the probe of the peer; an instance also reaches itself through its Service. */
    private NetworkPolicy members() {
        return egress(
                "members",
                installation.labels().members(),
                PolicyRules.to(PolicyRules.pods(installation.labels().members()), Ports.POSTGRESQL));
    }

    private NetworkPolicy jobs() {
        return egress(
                "jobs",
                jobPods(),
                PolicyRules.to(PolicyRules.pods(installation.labels().members()), Ports.POSTGRESQL));
    }

    private NetworkPolicy connections() {
        List<NetworkPolicyIngressRule> ingress = new ArrayList<>(List.of(PolicyRules.from(
                List.of(PolicyRules.pods(installation.labels().members()), PolicyRules.pods(jobPods())),
                Ports.POSTGRESQL)));
        List<NetworkPolicyPeer> clients = Clients.of(installation);
        // A rule without peers lets everybody in.
        if (!clients.isEmpty()) {
            ingress.add(PolicyRules.from(clients, Ports.POSTGRESQL));
        }
        return policy("connections", installation.labels().members(), List.of("Ingress"), ingress, List.of());
    }

    private LabelSelector jobPods() {
        List<Component> components = new ArrayList<>(
                List.of(Component.BACKUP, Component.BASE_BACKUP, Component.HEALTH_CHECK, Component.WAL_ARCHIVER));
        if (installation.spec().pooler().enabled()) {
            components.add(Component.POOLER);
        }
        return installation.labels().podsOf(components);
    }

    private NetworkPolicy egress(String suffix, LabelSelector pods, NetworkPolicyEgressRule rule) {
        return policy(suffix, pods, List.of("Egress"), List.of(), List.of(rule));
    }

    private NetworkPolicy policy(
            String suffix,
            LabelSelector pods,
            List<String> types,
            List<NetworkPolicyIngressRule> ingress,
            List<NetworkPolicyEgressRule> egress) {
        return new NetworkPolicyBuilder()
                .withMetadata(installation.metadata(installation.names().manifest(suffix), Component.NETWORK))
                .withNewSpec()
                .withPodSelector(pods)
                .withPolicyTypes(types)
                .withIngress(ingress)
                .withEgress(egress)
                .endSpec()
                .build();
    }
}
