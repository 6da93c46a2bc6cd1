package io.github.postgresqlha;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.plan.Part;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
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
        Map<String, Long> alike =
                part.objects().stream().collect(Collectors.groupingBy(Manifest::kindAndName, Collectors.counting()));
        part.objects()
                .forEach(object -> KubernetesObject.add(
                        this, objectId(object, alike.getOrDefault(kindAndName(object), 1L) > 1), object));
    }

    /** None of the product is like another one in its part. A user's object of another namespace may be; no namespace has an @. */
    private static String objectId(HasMetadata object, boolean alike) {
        String namespace = object.getMetadata().getNamespace();
        return kindAndName(object) + (alike && namespace != null ? "@" + namespace : "");
    }

    private static String kindAndName(HasMetadata object) {
        return object.getKind().toLowerCase(Locale.ROOT) + "-"
                + object.getMetadata().getName();
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
