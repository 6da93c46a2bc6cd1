package io.github.postgresqlha.access;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Member;
import java.util.List;

/**
 * What Patroni may do with the Kubernetes API: keep its state in ConfigMaps of its own, and write the state and role of
 * an instance on its pod. Names cannot limit {@code create}, {@code list} and {@code watch}.
 */
final class PatroniAccess {

    private static final List<String> STATE = List.of("config", "failover", "failsafe", "leader", "sync");

    private PatroniAccess() {}

    static List<HasMetadata> all(Installation installation) {
        String name = installation.names().patroniScope();
        return List.of(
                Roles.role(installation, name, rules(installation)),
                new RoleBindingBuilder()
                        .withMetadata(installation.metadata(name, Component.ACCESS))
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", name)
                        .addNewSubject()
                        .withKind("ServiceAccount")
                        .withName(installation.names().instanceServiceAccount())
                        .withNamespace(installation.names().namespace())
                        .endSubject()
                        .build());
    }

    /** The ConfigMaps of its state. */
    static List<String> state(Installation installation) {
        return STATE.stream()
                .map(part -> installation.names().patroniScope() + "-" + part)
                .toList();
    }

    private static List<PolicyRule> rules(Installation installation) {
        List<String> pods = installation.members().stream().map(Member::pod).toList();
        return List.of(
                Roles.rule("", List.of("configmaps"), List.of("create", "list", "watch")),
                Roles.named("", List.of("configmaps"), List.of("get", "patch", "update"), state(installation)),
                Roles.rule("", List.of("pods"), List.of("list", "watch")),
                Roles.named("", List.of("pods"), List.of("patch"), pods));
    }
}
