package io.github.postgresqlha.testing;

import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.github.postgresqlha.kubernetes.ComputeResources;
import io.github.postgresqlha.kubernetes.Hardening;
import io.github.postgresqlha.spec.AdmissionSpec;
import io.github.postgresqlha.spec.ClientServiceSpec;
import io.github.postgresqlha.spec.ExtraVolumeSpec;
import io.github.postgresqlha.spec.IpFamilyPolicy;
import io.github.postgresqlha.spec.NetworkSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.PrimaryDatabaseSpec;
import io.github.postgresqlha.spec.SchedulingSpec;
import io.github.postgresqlha.spec.ServiceType;
import java.util.Map;

/** All that a specification can add to the product's objects. */
final class ExtendedExample {

    private ExtendedExample() {}

    static PostgresqlHaSpec spec() {
        return PostgresqlHaSpec.builder()
                .scheduling(SchedulingSpec.builder()
                        .putNodeSelector("pool", "databases")
                        .addToleration(new TolerationBuilder()
                                .withKey("dedicated")
                                .withOperator("Exists")
                                .withEffect("NoSchedule")
                                .build())
                        .priorityClassName("databases")
                        .affinity(new AffinityBuilder()
                                .withNewPodAntiAffinity()
                                .addNewRequiredDuringSchedulingIgnoredDuringExecution()
                                .withNewLabelSelector()
                                .addToMatchLabels("noisy", "true")
                                .endLabelSelector()
                                .withTopologyKey("kubernetes.io/hostname")
                                .endRequiredDuringSchedulingIgnoredDuringExecution()
                                .endPodAntiAffinity()
                                .build())
                        .build())
                .primary(PrimaryDatabaseSpec.builder()
                        .service(ClientServiceSpec.builder()
                                .type(ServiceType.LOAD_BALANCER)
                                .putAnnotation("service.beta.kubernetes.io/aws-load-balancer-internal", "true")
                                .build())
                        .build())
                .admission(AdmissionSpec.builder()
                        .enabled(true)
                        .addController("system:serviceaccount:ops:rollouts")
                        .build())
                .network(NetworkSpec.builder()
                        .addClientCidr("10.30.0.0/16")
                        .ipFamilyPolicy(IpFamilyPolicy.PREFER_DUAL_STACK)
                        .build())
                .putServiceAccountAnnotation("eks.amazonaws.com/role-arn", "arn:aws:iam::123456789012:role/database")
                .addExtraEnv(new EnvVar("HTTPS_PROXY", "http://proxy.example:3128", null))
                .addExtraVolume(ExtraVolumeSpec.builder()
                        .mountPath("/etc/company-ca")
                        .volume(new VolumeBuilder()
                                .withName("company-ca")
                                .withNewConfigMap()
                                .withName("company-ca")
                                .endConfigMap()
                                .build())
                        .build())
                .addSidecar(sidecar())
                .addExtraObject(new GenericKubernetesResourceBuilder()
                        .withApiVersion("v1")
                        .withKind("ConfigMap")
                        .withNewMetadata()
                        .withName("company-ca")
                        .withNamespace("airflow")
                        .endMetadata()
                        .addToAdditionalProperties("data", Map.of("ca.crt", "none\n"))
                        .build())
                .build();
    }

    private static Container sidecar() {
        return new ContainerBuilder()
                .withName("shipper")
                .withImage("registry.example/shipper:1.2.3")
                .withResources(ComputeResources.small())
                .withSecurityContext(Hardening.container())
                .build();
    }
}
