package io.github.postgresqlha.backup;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.kubernetes.ComputeResources;
import io.github.postgresqlha.kubernetes.Volumes;
import io.github.postgresqlha.script.ScriptCronJob;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.script.Scripts;
import io.github.postgresqlha.script.VolumePod;
import io.github.postgresqlha.spec.OffsiteSpec;
import java.util.ArrayList;
import java.util.List;

/** The copy outside of the cluster: the job that makes it, the one that brings it back, and what both may talk to. */
record OffsiteCopy(Installation installation, OffsiteSpec spec) {

    private static final long DEADLINE_SECONDS = 12 * 60 * 60L;
    private static final String SECRET = "/run/secrets/rclone";
    /** A suspended CronJob needs a schedule all the same. */
    private static final String NEVER = "0 0 1 1 *";

    private static final List<String> ANYWHERE = List.of("0.0.0.0/0", "::/0");

    List<HasMetadata> objects() {
        List<HasMetadata> objects = new ArrayList<>(identity().accounts());
        objects.add(cronJob(
                installation.names().offsite(), "offsite.sh", spec.schedule().text()));
        objects.add(fetch());
        objects.add(policy());
        return objects;
    }

    /** Only people start it: {@code kubectl create job --from=cronjob/NAME-offsite-fetch}. */
    private CronJob fetch() {
        return new CronJobBuilder(cronJob(installation.names().offsiteFetch(), "fetch-offsite.sh", NEVER))
                .editSpec()
                .withSuspend(true)
                .endSpec()
                .build();
    }

    private OffsiteIdentity identity() {
        return new OffsiteIdentity(installation, spec);
    }

    private CronJob cronJob(String name, String script, String schedule) {
        VolumePod pod = new VolumePod(
                installation,
                Component.OFFSITE,
                spec.image(),
                List.of("/bin/sh"),
                Scripts.get(script),
                environment(),
                ComputeResources.of(spec.resources(), "64Mi", "512Mi"),
                volume(),
                spec.secret().map(secret -> Volumes.secret("rclone", secret, List.of("rclone.conf"))).stream()
                        .toList(),
                mounts());
        return identity().give(new ScriptCronJob(name, pod, schedule, DEADLINE_SECONDS, 0).object());
    }

    private BackupVolume volume() {
        return BackupVolume.of(installation);
    }

    private List<VolumeMount> mounts() {
        return spec.secret().isPresent()
                ? List.of(Volumes.readOnlyMount("rclone", SECRET), volume().mount())
                : List.of(volume().mount());
    }

    private ScriptEnvironment environment() {
        ScriptEnvironment environment = new ScriptEnvironment()
                .set("HOME", "/tmp")
                .set("BACKUP_DIRECTORY", BackupVolume.DIRECTORY)
                .set("OFFSITE_REMOTE", spec.remote())
                .set("OFFSITE_RETENTION_DAYS", String.valueOf(spec.retentionDays()))
                .set("OFFSITE_ENCRYPTED", String.valueOf(spec.encrypted().orElseThrow()));
        spec.secret().ifPresent(secret -> environment.set("RCLONE_CONFIG_FILE", SECRET + "/rclone.conf"));
        identity().variables().forEach(environment::set);
        return spec.deletes() ? environment : environment.set("OFFSITE_DELETES", "false");
    }

    /** Names are resolved by the policy of all pods. */
    private NetworkPolicy policy() {
        List<String> ranges = spec.egressCidrs().isEmpty() ? ANYWHERE : spec.egressCidrs();
        return new NetworkPolicyBuilder()
                .withMetadata(installation.metadata(installation.names().offsite(), Component.NETWORK))
                .withNewSpec()
                .withPodSelector(installation.labels().pods(Component.OFFSITE))
                .withPolicyTypes("Egress")
                .addNewEgress()
                .withTo(ranges.stream().map(OffsiteCopy::peer).toList())
                .withPorts(new NetworkPolicyPort(null, new IntOrString(spec.egressPort()), "TCP"))
                .endEgress()
                .addAllToEgress(identity().egress())
                .endSpec()
                .build();
    }

    private static NetworkPolicyPeer peer(String range) {
        return new NetworkPolicyPeerBuilder()
                .withNewIpBlock()
                .withCidr(range)
                .endIpBlock()
                .build();
    }
}
