package io.github.postgresqlha.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.PodSpecs;
import io.github.postgresqlha.plan.PartName;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who reaches whom inside the namespace, as Kubernetes reads the policies of the whole plan: exactly what the programs need, from every pod
 * to every other one, in both directions.
 */
class FlowsTest {

    private static final List<Integer> PORTS = List.of(53, 443, 5432, 6432, 6433, 8008, 9187);
    private static final Set<String> ASKING = Set.of("backup", "base-backup", "health-check", "pooler", "wal-archiver");
    private static final String COMPONENT = "app.kubernetes.io/component";

    static Stream<Named<PostgresqlHaSpec>> specifications() {
        return Examples.all().entrySet().stream().map(example -> Named.of(example.getKey(), example.getValue()));
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void are_exactly_those_that_are_needed(PostgresqlHaSpec spec) {
        Installation installation = Installation.of(spec);
        Map<String, Map<String, String>> pods = pods(installation);
        List<NetworkPolicy> policies = policies(installation);
        Set<String> expected = new TreeSet<>();
        Set<String> allowed = new TreeSet<>();
        pods.forEach((from, labels) -> pods.forEach((to, others) -> PORTS.forEach(port -> {
            String flow = from + " to " + to + ":" + port;
            if (isNeeded(installation, from, labels, others, port)) {
                expected.add(flow);
            }
            if (passes(policies, labels, others, port)) {
                allowed.add(flow);
            }
        })));
        // Pods without a policy talk to each other as ever.
        allowed.removeIf(flow -> flow.matches("a stranger.* to a stranger.*"));
        assertThat(allowed).isEqualTo(expected);
    }

    private static boolean isNeeded(
            Installation installation, String from, Map<String, String> labels, Map<String, String> to, int port) {
        boolean member = isMember(to);
        return switch (port) {
            case 5432 ->
                member
                        && (isMember(labels)
                                || ASKING.contains(labels.getOrDefault(COMPONENT, ""))
                                || isClient(installation, from));
            case 6432, 6433 -> to.getOrDefault(COMPONENT, "").equals("pooler") && isClient(installation, from);
            case 8008 -> member && isMember(labels) && installation.isAutomatic();
            default -> false;
        };
    }

    private static boolean isClient(Installation installation, String pod) {
        return (pod.equals("a stranger of Airflow")
                        && installation.spec().network().airflowPods())
                || (pod.equals("a stranger with the label")
                        && installation.spec().network().labelClients());
    }

    private static boolean isMember(Map<String, String> labels) {
        return labels.containsKey("postgresqlha.github.io/member");
    }

    private static Map<String, Map<String, String>> pods(Installation installation) {
        Map<String, Map<String, String>> pods = new HashMap<>(Map.of(
                "a stranger", Map.of("app", "stranger"),
                "a stranger of Airflow", Map.of("tier", "airflow"),
                "a stranger with the label", Map.of(installation.names().clientLabel(), "true")));
        // The migration is one of Airflow's own pods.
        Plan.parts(installation).stream()
                .filter(part -> part.name() != PartName.AIRFLOW)
                .flatMap(part -> part.objects().stream())
                .forEach(object -> PodSpecs.template(object)
                        .ifPresent(template -> pods.put(
                                object.getMetadata().getName(),
                                template.getMetadata().getLabels())));
        return pods;
    }

    private static List<NetworkPolicy> policies(Installation installation) {
        return Plan.parts(installation).stream()
                .flatMap(part -> part.objects().stream())
                .filter(NetworkPolicy.class::isInstance)
                .map(NetworkPolicy.class::cast)
                .toList();
    }

    /** Both sides have to allow it, and a side that no policy selects does. */
    private static boolean passes(
            List<NetworkPolicy> policies, Map<String, String> from, Map<String, String> to, int port) {
        return side(
                        policies,
                        "Egress",
                        from,
                        policy -> policy.getSpec().getEgress().stream()
                                .anyMatch(rule -> matches(rule.getTo(), to) && listed(rule.getPorts(), port)))
                && side(
                        policies,
                        "Ingress",
                        to,
                        policy -> policy.getSpec().getIngress().stream()
                                .anyMatch(rule -> matches(rule.getFrom(), from) && listed(rule.getPorts(), port)));
    }

    private static boolean side(
            List<NetworkPolicy> policies, String type, Map<String, String> pod, Predicate<NetworkPolicy> allows) {
        List<NetworkPolicy> selecting = policies.stream()
                .filter(policy -> policy.getSpec().getPolicyTypes().contains(type))
                .filter(policy -> selects(policy.getSpec().getPodSelector(), pod))
                .toList();
        return selecting.isEmpty() || selecting.stream().anyMatch(allows);
    }

    private static boolean listed(List<NetworkPolicyPort> ports, int port) {
        return ports.stream().anyMatch(listed -> Objects.equals(listed.getPort().getIntVal(), port));
    }

    /** No peer means everybody; addresses are outside of the cluster, and other namespaces are not this one. */
    private static boolean matches(List<NetworkPolicyPeer> peers, Map<String, String> pod) {
        return peers.isEmpty()
                || peers.stream()
                        .filter(peer -> peer.getIpBlock() == null && peer.getNamespaceSelector() == null)
                        .anyMatch(peer -> selects(peer.getPodSelector(), pod));
    }

    private static boolean selects(LabelSelector selector, Map<String, String> pod) {
        return pod.entrySet().containsAll(selector.getMatchLabels().entrySet())
                && selector.getMatchExpressions().stream()
                        .allMatch(expression -> expression.getOperator().equals("In")
                                && expression.getValues().contains(pod.getOrDefault(expression.getKey(), "")));
    }
}
