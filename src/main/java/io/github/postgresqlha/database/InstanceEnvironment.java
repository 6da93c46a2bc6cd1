package io.github.postgresqlha.database;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Labels;
import io.github.postgresqlha.installation.Member;
import io.github.postgresqlha.installation.ObjectNames;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.spec.PasswordAuthentication;

/**
 * The environment of an instance's container. libpq's own variables are not in it, so that {@code psql} by
 * {@code kubectl exec} connects through the socket as whoever it is told to be.
 */
final class InstanceEnvironment {

    /** The supervisor puts it together there, for Patroni and for {@code patronictl}. */
    private static final String PATRONI_CONFIGURATION = ScriptEnvironment.PASSFILE_DIRECTORY + "/patroni";

    private InstanceEnvironment() {}

    static ScriptEnvironment of(Instance instance) {
        Installation installation = instance.installation();
        Member member = instance.member();
        ScriptEnvironment environment = programs(installation)
                .set("INSTANCE_NAME", member.instance())
                .set("INSTANCE_ROLE", member.component().label())
                .set("MEMBER_NUMBER", String.valueOf(member.number()))
                .set("MEMBER_HOSTS", installation.memberHosts())
                .set("REPLICATION_SLOT", member.replicationSlot().name())
                .set("DATABASE_NAME", installation.database().value())
                .set("DATABASE_OWNER", installation.owner().value())
                .set("WAL_DIRECTORY", ScriptEnvironment.WAL_DIRECTORY)
                .set("CONFIG_DIRECTORY", ScriptEnvironment.CONFIG_DIRECTORY)
                .set("SECRET_DIRECTORY", ScriptEnvironment.SECRET_DIRECTORY)
                .set("ROLL_SECONDS", String.valueOf(StopDeadlines.ROLL_SECONDS))
                .set("STOP_SECONDS", String.valueOf(StopDeadlines.STOP_SECONDS));
        if (installation.hasTls()) {
            environment.set("TLS_DIRECTORY", ScriptEnvironment.TLS_DIRECTORY);
        }
        if (installation.requiresTls()) {
            environment.set("TLS_CA_FILE", ScriptEnvironment.SERVER_TLS_DIRECTORY + "/ca.crt");
        }
        if (installation.isAutomatic()) {
            environment
                    .setField("POD_IP", "status.podIP")
                    .setField("POD_NAMESPACE", "metadata.namespace")
                    .set("ROLE_LABEL", Labels.ROLE)
                    .set("FAILOVER_PRIORITY", String.valueOf(member.failoverPriority()))
                    .set("PATRONI_SCOPE", installation.names().patroniScope())
                    .set("PATRONICTL_CONFIG_FILE", PATRONI_CONFIGURATION);
            member.applyDelay().ifPresent(delay -> environment.set("APPLY_DELAY", delay.text()));
        }
        PasswordAuthentication authentication = installation.spec().authentication();
        if (authentication != PasswordAuthentication.SCRAM_SHA_256) {
            environment.set("AUTHENTICATION", authentication.toString());
        }
        installation
                .peerOf(member)
                .ifPresent(peer -> environment
                        .set("PEER_NAME", peer.instance())
                        .set("PEER_HOST", installation.host(peer))
                        .set("PEER_REPLICATION_SLOT", peer.replicationSlot().name()));
        installation.durability().ifPresent(durability -> environment.set("DATA_DURABILITY", durability.toString()));
        instance.backups().ifPresent(volume -> {
            environment.set("BACKUP_DIRECTORY", BackupVolume.DIRECTORY);
            installation
                    .spec()
                    .backup()
                    .offsite()
                    .ifPresent(offsite -> environment
                            .set("OFFSITE_SCHEDULE", offsite.schedule().text())
                            .set("OFFSITE_FETCH", fetch(installation.names())));
        });
        instance.bootstrap().ifPresent(source -> {
            environment.set("BOOTSTRAP_DIRECTORY", source.directory()).set("BOOTSTRAP_TARGET", source.target());
            source.timeline().ifPresent(number -> environment.set("BOOTSTRAP_TIMELINE", String.valueOf(number)));
        });
        instance.imported().ifPresent(source -> source.environment().forEach(environment::set));
        return environment;
    }

    /** What people add to {@code kubectl create job NAME} to have something fetched at once. */
    private static String fetch(ObjectNames names) {
        return "--from=cronjob/" + names.offsiteFetch() + " -n " + names.namespace();
    }

    private static ScriptEnvironment programs(Installation installation) {
        return new ScriptEnvironment()
                .set("PATH", installation.image().path())
                .set("LANG", "C.UTF-8")
                .set("POSTGRES_MAJOR", installation.image().version().toString())
                .set("PASSFILE_DIRECTORY", ScriptEnvironment.PASSFILE_DIRECTORY)
                .set("PGDATA", ScriptEnvironment.PGDATA)
                .set("PSQL_HISTORY", "/dev/null");
    }
}
