package io.github.postgresqlha.kubernetes;

import io.github.postgresqlha.spec.InvalidSpecException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import software.constructs.Construct;

/**
 * Names that are taken below a construct. cdk8s tells constructs apart by their ids, Kubernetes objects by their names: two
 * installations of one name would be synthesized and overwrite each other when they are applied.
 */
public final class TakenNames {

    private static final Map<Construct, Set<String>> TAKEN = Collections.synchronizedMap(new WeakHashMap<>());

    private TakenNames() {}

    /**
     * Takes a name.
     *
     * @param name with what it names, as {@code StatefulSet airflow/postgresql-primary}
     * @throws InvalidSpecException if it is taken
     */
    public static void take(Construct scope, String name) {
        boolean free = TAKEN.computeIfAbsent(scope, key -> Collections.synchronizedSet(new HashSet<>()))
                .add(name);
        if (!free) {
            throw new InvalidSpecException(
                    name + ": stands twice; give one of the two installations another name or namespace");
        }
    }
}
