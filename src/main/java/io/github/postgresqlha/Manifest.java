package io.github.postgresqlha;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.plan.Part;
import java.util.List;
import software.constructs.Construct;

/**
 * One part of an installation with its Kubernetes objects; its id is the name of a file of {@code dist/}.
 *
 * <p>Id and objects stay readable as they were given: asking cdk8s for them would cost messages to node for each.
 */
public final class Manifest extends Construct {

    private final Part part;

    Manifest(Construct scope, Part part) {
        super(scope, part.id());
        this.part = part;
        part.objects().forEach(object -> KubernetesObject.add(this, object));
    }

    /** The construct's id. */
    public String id() {
        return part.id();
    }

    /** Its objects. To change one here changes nothing in the chart. */
    public List<HasMetadata> objects() {
        return part.objects();
    }
}
