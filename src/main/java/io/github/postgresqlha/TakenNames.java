package io.github.postgresqlha;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.ObjectNames;
import io.github.postgresqlha.plan.Part;
import io.github.postgresqlha.spec.InvalidSpecException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.constructs.Construct;
import software.constructs.IConstruct;

/**
 * The objects of an app, by kind, namespace and name. cdk8s tells constructs apart by their ids, Kubernetes objects by their names:
 * two of one name would be synthesized and overwrite each other when they are applied.
 */
final class TakenNames {

    private static final Map<IConstruct, TakenNames> APPS = Collections.synchronizedMap(new WeakHashMap<>());

    /** @param own whether it belongs to the construct that added it, or was only needed there */
    private record Taken(HasMetadata object, boolean own) {}

    private final Map<String, Taken> taken = Collections.synchronizedMap(new HashMap<>());

    /** One of which a construct has a part. Edits cannot be compared, but what they make of all of it can. */
    private record Known(Installation installation, List<Part> plan) {}

    private final Map<ObjectNames, Known> installations = Collections.synchronizedMap(new LinkedHashMap<>());

    private TakenNames() {}

    /** Those of the app that a construct is in. */
    static TakenNames of(Construct scope) {
        return APPS.computeIfAbsent(scope.getNode().getRoot(), TakenNames::validated);
    }

    private static TakenNames validated(IConstruct root) {
        TakenNames taken = new TakenNames();
        root.getNode().addValidation(new AppValidation(root, taken));
        return taken;
    }

    /**
     * Refuses a construct beside others of the same installation, of which each would have its own idea.
     *
     * @throws InvalidSpecException if their specifications or edits differ
     */
    void requireSame(Installation installation, List<Part> plan) {
        Known known = installations.get(installation.names());
        if (known == null) {
            return;
        }
        boolean same = installation.spec().equals(known.installation().spec());
        List<String> others = same ? others(known.plan(), plan) : List.of();
        if (!same || !others.isEmpty()) {
            throw new InvalidSpecException(
                    "installation " + installation.names().name() + " in namespace "
                            + installation.names().namespace() + ": its constructs must have "
                            + (same
                                    ? "the same edits, got others for " + others.get(0)
                                    : "one specification, got two that differ")
                            + "; give all of them the same, or give one of two installations another name or namespace");
        }
    }

    private static List<String> others(List<Part> before, List<Part> now) {
        Set<HasMetadata> known =
                before.stream().flatMap(part -> part.objects().stream()).collect(Collectors.toSet());
        return now.stream()
                .flatMap(part -> part.objects().stream())
                .filter(object -> !known.contains(object))
                .map(object -> object.getKind() + " " + object.getMetadata().getName())
                .toList();
    }

    /** Notes that a construct has a part of this one. */
    void add(Installation installation, List<Part> plan) {
        installations.putIfAbsent(installation.names(), new Known(installation, plan));
    }

    /** Those of which constructs have a part. */
    Collection<Installation> installations() {
        return installations.values().stream().map(Known::installation).toList();
    }

    /**
     * Whether an installation has that object. A namespace has none, whatever a chart says. What says none may come into that of any
     * installation: that is up to who applies it.
     */
    boolean has(String kind, @Nullable String namespace, String name) {
        if (kind.equals("Namespace")) {
            return taken.containsKey(name(kind, null, name));
        }
        return namespace == null
                ? taken.containsKey(name(kind, null, name))
                        || installations.keySet().stream().anyMatch(home -> has(kind, home.namespace(), name))
                : taken.containsKey(name(kind, namespace, name));
    }

    /**
     * Takes the name of an object. Several constructs may need the same one: it is added once.
     *
     * @return whether it has to be added
     * @throws InvalidSpecException if another object has that name, or another construct owns it
     */
    boolean take(Installation installation, HasMetadata object, boolean own) {
        List<String> names = names(installation, object);
        names.forEach(name -> requireFree(name, object, own));
        boolean first = !taken.containsKey(names.get(0));
        names.forEach(name -> {
            Taken before = taken.get(name);
            taken.put(name, new Taken(object, own || (before != null && before.own())));
        });
        return first;
    }

    private void requireFree(String name, HasMetadata object, boolean own) {
        Taken before = taken.get(name);
        if (before != null && ((before.own() && own) || !before.object().equals(object))) {
            // One namespace for two of them is no mistake, when only one of the two makes it.
            boolean shared = object instanceof Namespace && !before.object().equals(object);
            throw new InvalidSpecException(
                    name + ": stands twice; give one of the two installations another name or namespace"
                            + (shared ? ", or createNamespace: false" : "")
                            + ". Constructs of one installation have the same specification and edits, and each part of it once");
        }
    }

    /** An object that says no namespace is of the cluster, or comes into the installation's: which, its kind alone does not tell. */
    private static List<String> names(Installation installation, HasMetadata object) {
        String kind = object.getKind();
        String namespace = object.getMetadata().getNamespace();
        String name = object.getMetadata().getName();
        return namespace == null
                ? List.of(
                        name(kind, null, name), name(kind, installation.names().namespace(), name))
                : List.of(name(kind, namespace, name));
    }

    private static String name(String kind, @Nullable String namespace, String name) {
        return kind + " " + (namespace == null ? "" : namespace + "/") + name;
    }
}
