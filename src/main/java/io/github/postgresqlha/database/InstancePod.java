package io.github.postgresqlha.database;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.github.postgresqlha.credentials.PasswordFiles;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Labels;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.kubernetes.Checksum;
import io.github.postgresqlha.kubernetes.ComputeResources;
import io.github.postgresqlha.kubernetes.PodSkeleton;
import io.github.postgresqlha.kubernetes.Ports;
import io.github.postgresqlha.metrics.Exporter;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.script.Scripts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The pod of an instance: one container, whose process 1 is a supervisor. */
final class InstancePod {

    /** People and scripts name it. */
    static final String CONTAINER = "postgresql";

    /** Logs, and the volumes /tmp and of the socket. */
    private static final String DISK_REQUEST = "256Mi";

    private static final String DISK_LIMIT = "2Gi";

    private InstancePod() {}

    static PodTemplateSpec template(Instance instance) {
        Map<String, String> scraped = Exporter.annotations(instance.installation());
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels(instance))
                .withAnnotations(PasswordFiles.ofMember(instance.installation())
                        .annotations(ScriptEnvironment.SECRET_DIRECTORY, false))
                .addToAnnotations(
                        Checksum.RESTART_ANNOTATION,
                        ServerConfiguration.of(instance.installation()).restartChecksum())
                .addToAnnotations(scraped)
                .endMetadata()
                .withSpec(spec(instance))
                .build();
    }

    private static Map<String, String> labels(Instance instance) {
        Map<String, String> labels =
                new TreeMap<>(instance.installation().labels().ofMember(instance.member()));
        if (instance.installation().isAutomatic()) {
            labels.put(Labels.PATRONI_SCOPE, instance.installation().names().patroniScope());
        }
        instance.backups().ifPresent(volume -> labels.putAll(volume.labels()));
        return labels;
    }

    private static PodSpec spec(Instance instance) {
        Installation installation = instance.installation();
        List<PodAffinityTerm> required =
                instance.backups().map(BackupVolume::affinityTerms).orElse(List.of());
        return PodSkeleton.pod(installation, installation.names().instanceServiceAccount())
                .withAutomountServiceAccountToken(installation.isAutomatic())
                .withTerminationGracePeriodSeconds(StopDeadlines.graceSeconds())
                .withNodeSelector(instance.nodeSelector())
                .withAffinity(InstanceAffinity.of(installation.labels(), required))
                .withContainers(container(instance))
                .addAllToContainers(Exporter.containers(installation))
                .withVolumes(InstanceVolumes.volumes(instance))
                .build();
    }

    private static Container container(Instance instance) {
        return PodSkeleton.container(instance.installation(), CONTAINER)
                .withCommand(Scripts.supervisor(instance.installation().spec().failover())
                        .mountPath())
                .withEnv(InstanceEnvironment.of(instance).variables())
                .withPorts(ports(instance.installation()))
                .withStartupProbe(InstanceProbes.startup())
                .withLivenessProbe(InstanceProbes.liveness())
                .withReadinessProbe(InstanceProbes.readiness())
                .withResources(ComputeResources.of(instance.resources(), DISK_REQUEST, DISK_LIMIT))
                .withVolumeMounts(InstanceVolumes.mounts(instance))
                .build();
    }

    private static List<ContainerPort> ports(Installation installation) {
        ContainerPort postgresql = port(Ports.POSTGRESQL_NAME, Ports.POSTGRESQL);
        return installation.isAutomatic()
                ? List.of(postgresql, port(Ports.PATRONI_NAME, Ports.PATRONI))
                : List.of(postgresql);
    }

    private static ContainerPort port(String name, int number) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .withProtocol("TCP")
                .build();
    }
}
