package io.github.postgresqlha.dist;

import io.github.postgresqlha.credentials.PasswordSecret;
import io.github.postgresqlha.credentials.PasswordSource;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Member;
import io.github.postgresqlha.installation.ObjectNames;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.CredentialsSpec;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The names of one installation as scripts and documentation need them. */
final class Facts {

    private Facts() {}

    static Map<String, String> of(Installation installation, Collection<String> manifests) {
        BackupScheduleSpec backup = installation.spec().backup();
        ObjectNames names = installation.names();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("NAME", names.name());
        facts.put("NAMESPACE", names.namespace());
        facts.put("FAILOVER", installation.spec().failover().toString());
        facts.put(
                "MEMBERS", installation.members().stream().map(Member::instance).collect(Collectors.joining(":")));
        String never = installation.members().stream()
                .filter(member -> member.failoverPriority() == 0)
                .map(Member::instance)
                .collect(Collectors.joining(":"));
        if (!never.isEmpty()) {
            facts.put("NEVER_PRIMARY", never);
        }
        installation.members().stream()
                .filter(member -> member.ordinal() == 1)
                .forEach(member -> putMember(facts, member));
        facts.put("SECRET_NAME", installation.secretName());
        facts.put("SECRET_KEYS", secretKeys(installation));
        putTls(facts, installation);
        secretSources(installation).ifPresent(sources -> facts.put("SECRET_SOURCES", sources));
        facts.put("BACKUP_CRONJOB", names.backup());
        if (installation.takesBaseBackups()) {
            facts.put("BASE_BACKUP_CRONJOB", names.baseBackup());
        }
        if (backup.restoreTest().enabled()) {
            facts.put("RESTORE_TEST_CRONJOB", names.restoreTest());
        }
        if (backup.offsite().isPresent()) {
            facts.put("OFFSITE_CRONJOB", names.offsite());
            facts.put("OFFSITE_FETCH_CRONJOB", names.offsiteFetch());
        }
        facts.put("HEALTH_CRONJOB", names.healthCheck());
        if (installation.archivesWal()) {
            facts.put("WAL_ARCHIVER", names.walArchiver());
        }
        if (installation.spec().pooler().enabled()) {
            facts.put("POOLER", names.pooler());
        }
        installation.durability().ifPresent(durability -> facts.put("DATA_DURABILITY", durability.toString()));
        if (installation.isAutomatic()) {
            facts.put("PATRONI_SCOPE", names.patroniScope());
            facts.put("IMAGE", installation.image().reference());
        }
        AirflowFiles.putFacts(facts, installation);
        facts.put("CONTAINER", "postgresql");
        facts.put("DATABASE_NAME", installation.database().value());
        facts.put("DATABASE_OWNER", installation.owner().value());
        facts.put("POSTGRES_MAJOR", installation.image().version().toString());
        facts.put("MANIFESTS", String.join(":", manifests));
        facts.put("GENERATOR_VERSION", Generator.version());
        return facts;
    }

    /** Of a Secret that somebody else owns nothing is filled in. */
    private static String secretKeys(Installation installation) {
        return installation.spec().credentials().isGenerated()
                ? String.join(":", PasswordSecret.keys(installation))
                : "";
    }

    /** What others fill, as {@code SECRET/KEY}; empty where nothing is, or where it is in no Secret. */
    private static Optional<String> secretSources(Installation installation) {
        CredentialsSpec credentials = installation.spec().credentials();
        String sources = PasswordSource.all(installation).stream()
                .filter(source -> !credentials.isGenerated() || !source.secret().equals(installation.secretName()))
                .map(source -> source.secret() + "/" + source.key())
                .distinct()
                .collect(Collectors.joining(":"));
        return Optional.of(sources)
                .filter(text -> !text.isEmpty() && credentials.vaultAgent().isEmpty());
    }

    /** Of an installation without TLS only that. */
    private static void putTls(Map<String, String> facts, Installation installation) {
        facts.put("TLS_MODE", installation.spec().tls().mode().toString());
        if (installation.hasTls()) {
            facts.put("TLS_SECRET", installation.tlsSecretName());
            facts.put("TLS_CA_CONFIGMAP", installation.names().ca());
            facts.put("TLS_NAMES", String.join(":", installation.serverNames()));
        }
    }

    private static void putMember(Map<String, String> facts, Member member) {
        String role = member.component().name();
        facts.put(role, member.instance());
        facts.put(role + "_POD", member.pod());
        facts.put(role + "_SERVICE", member.instance());
    }
}
