package io.github.postgresqlha.access;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Roles for the people who run the installation; who gets them is decided by bindings, which are not the product's.
 *
 * <p>None of them names Secrets. The operator reads all data nevertheless, by programs in the members, and the maintainer every Secret
 * of the namespace, by a Job or a changed workload that mounts it.
 */
final class Roles {

    private static final List<String> READ = List.of("get", "list", "watch");

    private final Installation installation;

    private Roles(Installation installation) {
        this.installation = installation;
    }

    static List<Role> all(Installation installation) {
        Roles roles = new Roles(installation);
        return List.of(
                role(installation, installation.names().operatorRole(), roles.acting(roles.operating())),
                role(installation, installation.names().maintainerRole(), roles.acting(roles.maintaining())),
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

    /** Programs in the members, failover, restarts. */
    private List<PolicyRule> operating() {
        List<String> pods = installation.members().stream().map(Member::pod).toList();
        List<String> members =
                installation.members().stream().map(Member::instance).toList();
        return List.of(
                named("", List.of("pods"), List.of("delete"), pods),
                named("", List.of("pods/exec"), List.of("create", "get"), pods),
                named("apps", List.of("statefulsets/scale"), List.of("get", "patch", "update"), members));
    }

    /**
     * Jobs by hand, changed workloads, larger and new volumes, the archiver's files, the pooler's console. Names cannot limit {@code create}, and the pods of
     * Jobs and of the archiver have another name each time.
     */
    private List<PolicyRule> maintaining() {
        List<String> members =
                installation.members().stream().map(Member::instance).toList();
        List<PolicyRule> rules = new ArrayList<>(List.of(
                rule("", List.of("pods/exec"), List.of("create", "get")),
                rule("", List.of("persistentvolumeclaims"), List.of("create")),
                named("", List.of("persistentvolumeclaims"), List.of("delete", "patch"), claims()),
                named("apps", List.of("statefulsets"), List.of("patch"), members),
                named("batch", List.of("cronjobs"), List.of("patch"), cronJobs()),
                rule("batch", List.of("jobs"), List.of("create", "delete"))));
        if (installation.spec().pooler().enabled()) {
            rules.add(named(
                    "apps",
                    List.of("deployments"),
                    List.of("patch"),
                    List.of(installation.names().pooler())));
        }
        if (installation.isAutomatic()) {
            // What Patroni knows of a database that is gone keeps its successor from starting.
            rules.add(named("", List.of("configmaps"), List.of("delete"), PatroniAccess.state(installation)));
        }
        return rules;
    }

    /** What the policies of admission ask for; nobody else knows this resource. */
    private List<PolicyRule> managing() {
        return installation.spec().admission().enabled()
                ? List.of(named(
                        "postgresqlha.github.io",
                        List.of("installations"),
                        List.of("manage"),
                        List.of(installation.names().name())))
                : List.of();
    }

    private List<String> claims() {
        return Stream.concat(
                        installation.members().stream()
                                .flatMap(member -> Stream.of(member.dataClaim(), member.walClaim())),
                        Stream.of(installation.names().backup()))
                .toList();
    }

    private List<String> cronJobs() {
        List<String> cronJobs = new ArrayList<>(
                List.of(installation.names().backup(), installation.names().healthCheck()));
        if (installation.takesBaseBackups()) {
            cronJobs.add(installation.names().baseBackup());
        }
        if (installation.spec().backup().restoreTest().enabled()) {
            cronJobs.add(installation.names().restoreTest());
        }
        if (installation.spec().backup().offsite().isPresent()) {
            cronJobs.add(installation.names().offsite());
            cronJobs.add(installation.names().offsiteFetch());
        }
        return cronJobs;
    }

    /** Who acts looks as well, and is known to the policies. */
    private List<PolicyRule> acting(List<PolicyRule> rules) {
        return Stream.of(reading(), rules, managing()).flatMap(List::stream).toList();
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
