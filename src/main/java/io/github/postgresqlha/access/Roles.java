package io.github.postgresqlha.access;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Member;
import io.github.postgresqlha.installation.ObjectNames;
import java.util.ArrayList;
import java.util.List;

/**
 * Roles for the people who run the installation; who gets them is decided by bindings, which are not the product's.
 *
 * <p>Neither reads Secrets. Whoever may exec into an instance can read its data all the same.
 */
final class Roles {

    private static final List<String> READ = List.of("get", "list", "watch");

    private Roles() {}

    static List<Role> all(Installation installation) {
        List<PolicyRule> operator = new ArrayList<>(reading());
        operator.addAll(operating(installation));
        return List.of(
                role(installation, installation.names().operatorRole(), operator),
                role(installation, installation.names().viewerRole(), reading()));
    }

    /** Looking: state, events, logs, usage. */
    private static List<PolicyRule> reading() {
        return List.of(
                rule("", List.of("configmaps", "events", "persistentvolumeclaims", "pods", "services"), READ),
                rule("", List.of("pods/log"), List.of("get")),
                rule("apps", List.of("deployments", "replicasets", "statefulsets"), READ),
                rule("batch", List.of("cronjobs", "jobs"), READ),
                rule("metrics.k8s.io", List.of("pods"), List.of("get", "list")),
                rule("networking.k8s.io", List.of("networkpolicies"), READ),
                rule("policy", List.of("poddisruptionbudgets"), READ));
    }

    /** Acting: programs in the pods, failover by scaling, restarts, jobs by hand. */
    private static List<PolicyRule> operating(Installation installation) {
        ObjectNames names = installation.names();
        List<String> instances =
                installation.members().stream().map(Member::instance).toList();
        List<String> cronJobs = new ArrayList<>(List.of(names.backup(), names.healthCheck()));
        if (installation.takesBaseBackups()) {
            cronJobs.add(names.baseBackup());
        }
        return List.of(
                rule("", List.of("pods"), List.of("delete")),
                rule("", List.of("pods/exec"), List.of("create", "get")),
                named("apps", List.of("statefulsets"), List.of("patch"), instances),
                named("apps", List.of("statefulsets/scale"), List.of("get", "patch", "update"), instances),
                named("batch", List.of("cronjobs"), List.of("patch"), cronJobs),
                rule("batch", List.of("jobs"), List.of("create", "delete")));
    }

    static PolicyRule rule(String group, List<String> resources, List<String> verbs) {
        return named(group, resources, verbs, List.of());
    }

    static PolicyRule named(String group, List<String> resources, List<String> verbs, List<String> names) {
        return new PolicyRuleBuilder()
                .withApiGroups(group)
                .withResources(resources)
                .withVerbs(verbs)
                .withResourceNames(names)
                .build();
    }

    static Role role(Installation installation, String name, List<PolicyRule> rules) {
        return new RoleBuilder()
                .withMetadata(installation.metadata(name, Component.ACCESS))
                .withRules(rules)
                .build();
    }
}
