package io.github.postgresqlha.credentials;

import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.Volumes;
import io.github.postgresqlha.postgresql.DatabaseRole;
import io.github.postgresqlha.spec.VaultAgentSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How a pod gets passwords: a file {@code ROLE-password} a role, in one folder, whichever way they come. */
public final class PasswordFiles {

    private static final String VOLUME = "secret";

    private final Installation installation;
    private final List<PasswordSource> sources;
    private final boolean isMember;

    private PasswordFiles(Installation installation, List<PasswordSource> sources, boolean isMember) {
        this.installation = installation;
        this.sources = List.copyOf(sources);
        this.isMember = isMember;
    }

    /** Those of all roles. A member starts without them, and says which it waits for. */
    public static PasswordFiles ofMember(Installation installation) {
        return new PasswordFiles(installation, PasswordSource.all(installation), true);
    }

    /** Those of some roles, without which the pod does not start. */
    public static PasswordFiles ofJob(Installation installation, List<DatabaseRole> roles) {
        return ofRoles(installation, roles.stream().map(DatabaseRole::role).toList());
    }

    /** That of the pooler's role, without which its pods do not start. */
    public static PasswordFiles ofPooler(Installation installation) {
        return ofRoles(installation, List.of(PasswordSecret.POOLER));
    }

    private static PasswordFiles ofRoles(Installation installation, List<String> roles) {
        return new PasswordFiles(
                installation,
                roles.stream()
                        .map(role -> PasswordSource.of(installation, role))
                        .toList(),
                false);
    }

    /**
     * The volumes. The product's own Secret has nothing but its passwords, so a member has all of it: then a further role restarts nothing.
     * Of other people's Secrets a pod has the keys that it needs.
     */
    public List<Volume> volumes() {
        if (vault().isPresent()) {
            return List.of(VaultAgent.token());
        }
        boolean whole = isMember
                && installation.spec().credentials().isGenerated()
                && installation.spec().credentials().keys().isEmpty();
        return List.of(
                whole
                        ? Volumes.secret(VOLUME, installation.secretName(), List.of())
                        : Volumes.secrets(VOLUME, bySecret(), isMember));
    }

    private Map<String, List<KeyToPath>> bySecret() {
        return sources.stream()
                .collect(Collectors.groupingBy(
                        PasswordSource::secret,
                        TreeMap::new,
                        Collectors.mapping(
                                source -> new KeyToPath(source.key(), null, DatabaseRole.secretKey(source.role())),
                                Collectors.toList())));
    }

    /** Where they are mounted; none where Vault's injector mounts them. */
    public List<VolumeMount> mounts(String folder) {
        return vault().isPresent() ? List.of() : List.of(Volumes.readOnlyMount(VOLUME, folder));
    }

    /**
     * Annotations of the pod.
     *
     * @param ends whether the pod ends by itself, which an agent beside it would keep from ending
     */
    public Map<String, String> annotations(String folder, boolean ends) {
        return vault().map(agent -> new VaultAgent(agent)
                        .annotations(sources.stream().map(PasswordSource::role).toList(), folder, ends))
                .orElse(Map.of());
    }

    private Optional<VaultAgentSpec> vault() {
        return installation.spec().credentials().vaultAgent();
    }
}
