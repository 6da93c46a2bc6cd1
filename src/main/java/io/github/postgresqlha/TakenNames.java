package io.github.postgresqlha;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.ObjectNames;
import io.github.postgresqlha.spec.InvalidSpecException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
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

    private final Map<ObjectNames, Installation> installations = Collections.synchronizedMap(new LinkedHashMap<>());

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

    /** Notes that a construct has a part of this one. */
    void add(Installation installation) {
        installations.putIfAbsent(installation.names(), installation);
    }

    /** Those of which constructs have a part. */
    Collection<Installation> installations() {
        return List.copyOf(installations.values());
    }

    /** Whether an installation has that object. A namespace has none, whatever a chart says. */
    boolean has(String kind, @Nullable String namespace, String name) {
        return taken.containsKey(name(kind, kind.equals("Namespace") ? null : namespace, name));
    }

    /**
     * Takes the name of an object. Several constructs may need the same one: it is added once.
     *
     * @return whether it has to be added
     * @throws InvalidSpecException if another object has that name, or another construct owns it
     */
    boolean take(HasMetadata object, boolean own) {
        String name = name(object);
        Taken before = taken.get(name);
        if (before != null && ((before.own() && own) || !before.object().equals(object))) {
            // One namespace for two of them is no mistake, when only one of the two makes it.
            boolean shared = object instanceof Namespace && !before.object().equals(object);
            throw new InvalidSpecException(
                    name + ": stands twice; give one of the two installations another name or namespace"
                            + (shared ? ", or createNamespace: false" : "")
                            + ". Constructs of one installation have the same specification and edits, and each part of it once");
        }
        taken.put(name, new Taken(object, own || (before != null && before.own())));
        return before == null;
    }

    private static String name(HasMetadata object) {
        return name(
                object.getKind(),
                object.getMetadata().getNamespace(),
                object.getMetadata().getName());
    }

    private static String name(String kind, @Nullable String namespace, String name) {
        return kind + " " + (namespace == null ? "" : namespace + "/") + name;
    }
}
