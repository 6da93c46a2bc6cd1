package io.github.postgresqlha.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.PodSpecs;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Some parts with what they need of the others where a chart has nothing else of the installation: all that their pods mount or name, and
 * what lets them talk.
 */
public final class Companions {

    /** Every pod needs them: what the specification adds may be mounted, and policies protect what is there. */
    private static final Set<PartName> SHARED = Set.of(
            PartName.NAMESPACE,
            PartName.CONFIGMAP,
            PartName.SECRET,
            PartName.RBAC,
            PartName.NETWORK,
            PartName.ADMISSION,
            PartName.EXTRA);

    private final Installation installation;
    private final Set<PartName> own;

    private Companions(Installation installation, Set<PartName> own) {
        this.installation = installation;
        this.own = own;
    }

    /**
     * Those parts and their companions, in the order in which they are applied; no such part where the specification leaves it out.
     *
     * @param plan the whole installation
     */
    public static List<Part> of(Installation installation, List<Part> plan, Set<PartName> own) {
        return new Companions(installation, own).parts(plan);
    }

    private List<Part> parts(List<Part> plan) {
        Set<String> claims = plan.stream()
                .filter(part -> own.contains(part.name()))
                .flatMap(part -> part.objects().stream())
                .flatMap(object -> PodSpecs.claims(object).stream())
                .collect(Collectors.toSet());
        return plan.stream()
                .map(part -> own.contains(part.name()) || SHARED.contains(part.name()) ? part : named(part, claims))
                .filter(part -> !part.objects().isEmpty())
                .toList();
    }

    private Part named(Part part, Set<String> claims) {
        return new Part(
                part.name(),
                part.id(),
                part.objects().stream()
                        .filter(object -> isNamed(object, claims))
                        .toList());
    }

    /** Every pod names its peers by their Service. */
    private boolean isNamed(HasMetadata object, Set<String> claims) {
        String name = object.getMetadata().getName();
        return (object instanceof PersistentVolumeClaim && claims.contains(name))
                || (object instanceof Service
                        && name.equals(installation.names().peers()));
    }
}
