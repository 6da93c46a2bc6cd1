package io.github.postgresqlha.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.github.postgresqlha.postgresql.DataDurability;
import io.github.postgresqlha.postgresql.Identifier;
import io.github.postgresqlha.postgresql.Synchronous;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What each Kubernetes object has to know of the whole installation.
 *
 * @param members the instances, the primary one first
 * @param secretName the Secret with one key {@code ROLE-password} a role
 * @param dumpedDatabases those that are dumped beside the application's, or {@code all}
 * @param archivesWal whether the WAL archiver runs
 * @param baseBackupGap the longest time between two base backups; empty where none are taken
 * @param offsiteSchedule when the copy outside of the cluster is made; empty where there is none
 * @param failover who decides that a standby becomes primary
 * @param synchronous whose confirmation a commit waits for
 * @param durability what synchronous replication does without a standby; empty where replication is asynchronous
 * @param bootstrap where the first data come from; empty where they are a new database
 */
public record Installation(
        ObjectNames names,
        ContainerImage image,
        List<Member> members,
        Identifier database,
        Identifier owner,
        String secretName,
        Optional<BackupVolume> backups,
        List<String> dumpedDatabases,
        boolean archivesWal,
        Optional<Duration> baseBackupGap,
        Optional<String> offsiteSchedule,
        Failover failover,
        Synchronous synchronous,
        Optional<DataDurability> durability,
        Optional<BootstrapSource> bootstrap) {

    /** Tells Flux not to delete an object and make it anew when a change is refused. */
    private static final Map<String, String> NEVER_FORCED = Map.of("kustomize.toolkit.fluxcd.io/force", "disabled");

    /** Tells Argo CD and Flux to leave an object alone when it disappears from the manifests: data hangs on it. */
    private static final Map<String, String> KEPT = Map.of(
            "argocd.argoproj.io/sync-options", "Prune=false,Delete=false",
            "kustomize.toolkit.fluxcd.io/prune", "disabled");

    public Installation {
        members = List.copyOf(members);
        dumpedDatabases = List.copyOf(dumpedDatabases);
    }

    /** The labels of its objects. */
    public Labels labels() {
        return new Labels(names.name(), image.version().toString());
    }

    /** Metadata of a namespaced object. */
    public ObjectMeta metadata(String name, Component component) {
        return new ObjectMetaBuilder()
                .withNamespace(names.namespace())
                .withName(name)
                .withLabels(labels().of(component))
                .build();
    }

    /** Metadata of an object of one instance. */
    public ObjectMeta metadata(String name, Member member) {
        return new ObjectMetaBuilder(metadata(name, member.component()))
                .withLabels(labels().of(member))
                .build();
    }

    /** Metadata of an object that holds data. */
    public ObjectMeta kept(ObjectMeta metadata) {
        return new ObjectMetaBuilder(neverForced(metadata))
                .addToAnnotations(KEPT)
                .build();
    }

    /** Metadata of an object that nobody may replace: pods or data go with it. */
    public ObjectMeta neverForced(ObjectMeta metadata) {
        return new ObjectMetaBuilder(metadata).addToAnnotations(NEVER_FORCED).build();
    }

    /** Whether base backups are taken. */
    public boolean takesBaseBackups() {
        return baseBackupGap.isPresent();
    }

    /** Whether Patroni decides who is primary. */
    public boolean isAutomatic() {
        return failover == Failover.AUTOMATIC;
    }

    /** The instances that are not the one named primary. */
    public List<Member> standbys() {
        return members.stream()
                .filter(member -> member.component() == Component.STANDBY)
                .toList();
    }

    /** DNS names of all members, as libpq takes a list of hosts. */
    public String memberHosts() {
        return members.stream().map(this::host).collect(Collectors.joining(","));
    }

    /** The DNS name of a member's pod inside the namespace, which resolves even while the pod is not ready. */
    public String host(Member member) {
        return member.instance() + "-0." + names.peers();
    }

    /** The member of this component. */
    public Member member(Component component) {
        return members.stream()
                .filter(member -> member.component() == component)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        component.label() + ": the installation has no such instance; give it one"));
    }

    /** The other member, where there is one. */
    public Optional<Member> peerOf(Member member) {
        return members.stream().filter(other -> !other.equals(member)).findFirst();
    }
}
