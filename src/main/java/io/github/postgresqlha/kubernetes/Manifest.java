package io.github.postgresqlha.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import software.constructs.Construct;

/**
 * A construct with its Kubernetes objects. Directly under the chart its id is the name of its file in {@code dist/}.
 *
 * <p>Id and objects stay readable as they were given: asking cdk8s for them would cost messages to node for each.
 */
public abstract class Manifest extends Construct {

    private final String id;
    private final List<HasMetadata> objects;

    protected Manifest(Construct scope, String id, List<? extends HasMetadata> objects) {
        super(scope, id);
        this.id = id;
        this.objects = List.copyOf(objects);
        this.objects.forEach(object -> {
            TakenNames.take(scope, name(object));
            KubernetesObject.add(this, object);
        });
    }

    /** The construct's id. */
    public final String id() {
        return id;
    }

    /** The objects that this construct itself added. */
    public final List<HasMetadata> objects() {
        return objects;
    }

    private static String name(HasMetadata object) {
        String namespace = object.getMetadata().getNamespace();
        return object.getKind() + " " + (namespace == null ? "" : namespace + "/")
                + object.getMetadata().getName();
    }
}
