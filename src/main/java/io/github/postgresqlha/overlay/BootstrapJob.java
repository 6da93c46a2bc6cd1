package io.github.postgresqlha.overlay;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.github.postgresqlha.credentials.PasswordSecret;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.ObjectNames;
import io.github.postgresqlha.kubernetes.ComputeResources;
import io.github.postgresqlha.kubernetes.PodSkeleton;
import io.github.postgresqlha.kubernetes.Volumes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What makes passwords, certificate and Airflow's connection where nobody runs {@code deploy-NAME.sh}: a Job that is done in seconds, on the
 * installation's own image. Its pod is none of the installation's, so that their policies do not keep it from the Kubernetes API.
 *
 * @param installation the installation
 * @param programs name to content of what it runs
 */
record BootstrapJob(Installation installation, Map<String, String> programs) {

    private static final int ATTEMPTS = 10;
    private static final int KEPT_SECONDS = 600;
    private static final int EXECUTABLE = 0555;
    private static final String PROGRAMS = "programs";
    private static final String FOLDER = "/programs";

    List<HasMetadata> objects() {
        return List.of(account(), role(), binding(), configMap(), job());
    }

    /** Its name, and that of all its objects. */
    private String name() {
        return installation.names().manifest("bootstrap");
    }

    private HasMetadata account() {
        return new ServiceAccountBuilder()
                .withMetadata(installation.metadata(name(), Component.ACCESS))
                .withAutomountServiceAccountToken(false)
                .build();
    }

    /** Names cannot limit {@code create}. */
    private Role role() {
        ObjectNames names = installation.names();
        return new RoleBuilder()
                .withMetadata(installation.metadata(name(), Component.ACCESS))
                .withRules(
                        rule(List.of("configmaps", "secrets"), List.of("create"), List.of()),
                        rule(
                                List.of("secrets"),
                                List.of("get", "patch"),
                                List.of(names.airflow(), names.caKey(), names.secret(), names.tls())))
                .build();
    }

    private static PolicyRule rule(List<String> resources, List<String> verbs, List<String> names) {
        return new PolicyRuleBuilder()
                .withApiGroups("")
                .withResources(resources)
                .withVerbs(verbs)
                .withResourceNames(names)
                .build();
    }

    private HasMetadata binding() {
        return new RoleBindingBuilder()
                .withMetadata(installation.metadata(name(), Component.ACCESS))
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", name())
                .addNewSubject()
                .withKind("ServiceAccount")
                .withName(name())
                .withNamespace(installation.names().namespace())
                .endSubject()
                .build();
    }

    private ConfigMap configMap() {
        return new ConfigMapBuilder()
                .withMetadata(installation.metadata(name(), Component.CONFIGURATION))
                .withData(new TreeMap<>(programs))
                .build();
    }

    private HasMetadata job() {
        return new JobBuilder()
                .withMetadata(installation.metadata(name(), Component.CREDENTIALS))
                .withNewSpec()
                .withBackoffLimit(ATTEMPTS)
                .withTtlSecondsAfterFinished(KEPT_SECONDS)
                .withTemplate(template())
                .endSpec()
                .build();
    }

    private PodTemplateSpec template() {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(Map.of("app", name()))
                .endMetadata()
                .withSpec(PodSkeleton.pod(installation, name())
                        .withAutomountServiceAccountToken(true)
                        .withRestartPolicy("Never")
                        .withContainers(PodSkeleton.container(installation, "bootstrap")
                                .withCommand(FOLDER + "/" + AirflowOverlay.BOOTSTRAP)
                                .withEnv(environment())
                                .withResources(ComputeResources.small())
                                .withVolumeMounts(
                                        Volumes.readOnlyMount(PROGRAMS, FOLDER), Volumes.mount("scratch", "/tmp"))
                                .build())
                        .withVolumes(Volumes.configMap(PROGRAMS, name()), Volumes.memory("scratch", "1Mi"))
                        .editFirstVolume()
                        .editConfigMap()
                        .withDefaultMode(EXECUTABLE)
                        .endConfigMap()
                        .endVolume()
                        .build())
                .build();
    }

    private List<EnvVar> environment() {
        ObjectNames names = installation.names();
        Map<String, String> environment = new TreeMap<>(Map.of(
                "AIRFLOW_SECRET",
                names.airflow(),
                "CA_CONFIGMAP",
                names.ca(),
                "CA_SECRET",
                names.caKey(),
                "NAME",
                names.name(),
                "SECRET_KEYS",
                String.join(":", PasswordSecret.keys(installation)),
                "SECRET_NAME",
                names.secret(),
                "TLS_NAMES",
                String.join(":", installation.serverNames()),
                "TLS_SECRET",
                names.tls()));
        return environment.entrySet().stream()
                .map(variable -> new EnvVarBuilder()
                        .withName(variable.getKey())
                        .withValue(variable.getValue())
                        .build())
                .toList();
    }
}
