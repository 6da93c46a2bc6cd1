package io.github.postgresqlha.installation;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.github.postgresqlha.postgresql.DataDurability;
import io.github.postgresqlha.postgresql.Identifier;
import io.github.postgresqlha.spec.Failover;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.TlsMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One installation: its specification, and what follows from it for more than one of its objects. Nothing is copied. */
public final class Installation {

    /** Tells Flux not to delete an object and make it anew when a change is refused. */
    private static final Map<String, String> NEVER_FORCED = Map.of("kustomize.toolkit.fluxcd.io/force", "disabled");

    /** Tells Argo CD and Flux to leave an object alone when it disappears from the manifests: data hangs on it. */
    private static final Map<String, String> KEPT = Map.of(
            "argocd.argoproj.io/sync-options", "Prune=false,Delete=false",
            "kustomize.toolkit.fluxcd.io/prune", "disabled");

    /**
     * Tells Flux to leave alone what kubectl wrote into an object. Without it kustomize-controller takes over the fields of every
     * manager whose name begins with kubectl, and removes those that the manifests do not have.
     */
    private static final Map<String, String> MERGED = Map.of("kustomize.toolkit.fluxcd.io/ssa", "Merge");

    private final PostgresqlHaSpec spec;
    private final ObjectNames names;
    private final List<Member> members;

    private Installation(PostgresqlHaSpec spec) {
        this.spec = spec;
        this.names = new ObjectNames(spec.namespace(), spec.name());
        this.members = Members.of(spec, names);
    }

    /** The installation that a specification describes. */
    public static Installation of(PostgresqlHaSpec spec) {
        return new Installation(spec);
    }

    /** What its user wants. */
    public PostgresqlHaSpec spec() {
        return spec;
    }

    /** The names of its objects. */
    public ObjectNames names() {
        return names;
    }

    /** The instances, the one named primary first. */
    public List<Member> members() {
        return members;
    }

    /** The instances that are not the one named primary. */
    public List<Member> standbys() {
        return members.subList(1, members.size());
    }

    /** The instance named primary. */
    public Member primary() {
        return members.get(0);
    }

    /** The other member, where there is one. */
    public Optional<Member> peerOf(Member member) {
        return members.stream().filter(other -> !other.equals(member)).findFirst();
    }

    /** The DNS name of a member's pod inside the namespace, which resolves even while the pod is not ready. */
    public String host(Member member) {
        return member.pod() + "." + names.peers();
    }

    /** DNS names of all members, as libpq takes a list of hosts. */
    public String memberHosts() {
        return members.stream().map(this::host).collect(Collectors.joining(","));
    }

    /** The image of every container, but those of rclone. */
    public ContainerImage image() {
        return new ContainerImage(
                spec.image(), spec.postgresVersion(), spec.imagePullPolicy(), spec.imagePullSecrets());
    }

    /** The application's database. */
    public Identifier database() {
        return new Identifier(spec.databaseName());
    }

    /** The role that owns it. */
    public Identifier owner() {
        return new Identifier(spec.databaseOwner());
    }

    /** The Secret with one key {@code ROLE-password} a role. */
    public String secretName() {
        return spec.credentials().existingSecret().orElse(names.secret());
    }

    /** Whether members offer TLS. */
    public boolean hasTls() {
        return spec.tls().mode() != TlsMode.OFF;
    }

    /** Whether nobody connects without TLS, and whoever connects for the product verifies whom it asks. */
    public boolean requiresTls() {
        return hasTls() && spec.tls().required();
    }

    /** The Secret with {@code tls.crt}, {@code tls.key} and {@code ca.crt}. */
    public String tlsSecretName() {
        return spec.tls().existingSecret().orElse(names.tls());
    }

    /** Every name that the certificate holds, each once. */
    public List<String> serverNames() {
        return ServerNames.of(this);
    }

    /** Whether Patroni decides who is primary. */
    public boolean isAutomatic() {
        return spec.failover() == Failover.AUTOMATIC;
    }

    /** What synchronous replication does without a standby; empty where replication is asynchronous. */
    public Optional<DataDurability> durability() {
        return spec.replication().durability();
    }

    /** Whether the WAL archiver runs. */
    public boolean archivesWal() {
        return spec.backup().walArchive().enabled();
    }

    /** Whether base backups are taken. */
    public boolean takesBaseBackups() {
        return spec.backup().takesBaseBackups();
    }

    /** The labels of its objects. */
    public Labels labels() {
        return new Labels(names.name(), spec.postgresVersion().toString());
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

    /** Metadata of an object that holds what a person or a program filled in. */
    public ObjectMeta filled(ObjectMeta metadata) {
        return new ObjectMetaBuilder(kept(metadata)).addToAnnotations(MERGED).build();
    }

    /** Metadata of an object that nobody may replace: pods or data go with it. */
    public ObjectMeta neverForced(ObjectMeta metadata) {
        return new ObjectMetaBuilder(metadata).addToAnnotations(NEVER_FORCED).build();
    }
}
