package io.github.postgresqlha;

import io.github.postgresqlha.backup.BackupScheduleSpec;
import io.github.postgresqlha.database.ReplicationSpec;
import io.github.postgresqlha.kubernetes.AccessMode;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.kubernetes.BootstrapSource;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.ContainerImage;
import io.github.postgresqlha.kubernetes.Installation;
import io.github.postgresqlha.kubernetes.Member;
import io.github.postgresqlha.kubernetes.ObjectNames;
import io.github.postgresqlha.postgresql.Identifier;
import io.github.postgresqlha.postgresql.RecoveryDelay;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From a specification to what each of its objects has to know of the whole. */
public final class Installations {

    private Installations() {}

    /** The installation that a specification describes. */
    public static Installation of(PostgresqlHaSpec spec) {
        ObjectNames names = new ObjectNames(spec.namespace(), spec.name());
        return new Installation(
                names,
                new ContainerImage(
                        spec.image(), spec.postgresVersion(), spec.imagePullPolicy(), spec.imagePullSecrets()),
                members(names, spec),
                new Identifier(spec.databaseName()),
                new Identifier(spec.databaseOwner()),
                spec.credentials().existingSecret().orElse(names.secret()),
                Optional.of(new BackupVolume(
                        names.backup(), spec.backup().storage().accessMode() == AccessMode.READ_WRITE_MANY)),
                spec.backup().databases(),
                spec.backup().walArchive().enabled(),
                BackupScheduleSpec.baseBackupGap(spec.backup()),
                spec.backup().offsite().map(offsite -> offsite.schedule().text()),
                spec.failover(),
                spec.replication().synchronous(),
                ReplicationSpec.durability(spec.replication()),
                spec.bootstrap()
                        .fromBackup()
                        .map(backup -> new BootstrapSource(
                                backup.claim().filter(claim -> !claim.equals(names.backup())),
                                backup.target(),
                                backup.timeline())));
    }

    private static List<Member> members(ObjectNames names, PostgresqlHaSpec spec) {
        List<Integer> priorities = spec.standby().failoverPriority();
        List<Member> members = new ArrayList<>(List.of(new Member(names.primary(), Component.PRIMARY)));
        for (int ordinal = 1; ordinal <= spec.standbys(); ordinal++) {
            boolean last = ordinal == spec.standbys();
            Optional<RecoveryDelay> delay = spec.standby().applyDelay().filter(late -> last);
            int priority = ordinal > priorities.size() ? Member.USUAL_PRIORITY : priorities.get(ordinal - 1);
            members.add(new Member(
                    names.standby(ordinal), Component.STANDBY, ordinal, delay.isPresent() ? 0 : priority, delay));
        }
        return members;
    }
}
