package io.github.postgresqlha.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The pods of the workloads that the product has. */
public final class PodSpecs {

    private PodSpecs() {}

    /** The template of an object's pods; empty where it has none. */
    public static Optional<PodTemplateSpec> template(HasMetadata object) {
        if (object instanceof StatefulSet set) {
            return Optional.of(set.getSpec().getTemplate());
        }
        if (object instanceof Deployment deployment) {
            return Optional.of(deployment.getSpec().getTemplate());
        }
        if (object instanceof CronJob job) {
            return Optional.of(job.getSpec().getJobTemplate().getSpec().getTemplate());
        }
        return Optional.empty();
    }

    /** The names of the Secrets that an object's pods mount. */
    public static List<String> secrets(HasMetadata object) {
        return volumes(object)
                .flatMap(volume -> Stream.concat(
                        Stream.ofNullable(volume.getSecret()).map(SecretVolumeSource::getSecretName),
                        Stream.ofNullable(volume.getProjected())
                                .flatMap(projected -> projected.getSources().stream())
                                .flatMap(source -> Stream.ofNullable(source.getSecret()))
                                .map(SecretProjection::getName)))
                .toList();
    }

    /** The names of the claims that an object's pods mount. */
    public static List<String> claims(HasMetadata object) {
        return volumes(object)
                .filter(volume -> volume.getPersistentVolumeClaim() != null)
                .map(Volume::getPersistentVolumeClaim)
                .map(claim -> claim.getClaimName())
                .toList();
    }

    private static Stream<Volume> volumes(HasMetadata object) {
        return template(object).map(PodTemplateSpec::getSpec).map(PodSpec::getVolumes).orElse(List.of()).stream();
    }
}
