package io.github.postgresqlha.edit;

import io.fabric8.kubernetes.api.builder.Builder;
import io.fabric8.kubernetes.api.builder.Editable;
import io.fabric8.kubernetes.api.builder.Visitable;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Changes of Kubernetes objects by fabric8's builders, for what no key of the specification says:
 *
 * <pre>{@code
 * Edits.of(PodSpecBuilder.class, pod -> pod.withRuntimeClassName("gvisor"))
 *         .and(Edits.of(ServiceBuilder.class, service -> service.editSpec().withSessionAffinity("ClientIP").endSpec())
 *                 .where(object -> object.getMetadata().getName().equals("postgresql-primary")))
 * }</pre>
 *
 * <p>An edit adds. Of what the product itself has written it may change resources, scheduling, times of probes and the like; a selector,
 * a volume, a command, a user, an image or a container is refused with the reason.
 *
 * @see <a href="https://github.com/fabric8io/kubernetes-client/blob/main/doc/CHEATSHEET.md">fabric8's builders</a>
 */
public final class Edits {

    /** One change of each builder of a type in the objects that it is for. */
    private record Edit<B>(Class<B> type, Consumer<? super B> change, Predicate<? super HasMetadata> objects) {

        void apply(HasMetadata object, Visitable<?> builder) {
            if (objects.test(object)) {
                builder.accept(type, change::accept);
            }
        }

        Edit<B> where(Predicate<? super HasMetadata> fewer) {
            return new Edit<>(type, change, object -> objects.test(object) && fewer.test(object));
        }
    }

    private final List<Edit<?>> edits;

    private Edits(List<? extends Edit<?>> edits) {
        this.edits = List.copyOf(edits);
    }

    /** No change. */
    public static Edits none() {
        return new Edits(List.of());
    }

    /**
     * A change of whatever is built by builders of this type, in every object: {@code PodSpecBuilder} is in StatefulSets, the Deployment
     * and CronJobs, {@code ObjectMetaBuilder} in all, for the pods as well. Where no object has such a builder it changes nothing.
     *
     * @throws IllegalArgumentException if the type is no builder, as {@code PodSpec} in place of {@code PodSpecBuilder}
     */
    public static <B> Edits of(Class<B> type, Consumer<? super B> change) {
        if (!Visitable.class.isAssignableFrom(type)) {
            throw new IllegalArgumentException("must be a builder of fabric8, got " + type.getSimpleName()
                    + "; write it like PodSpecBuilder.class");
        }
        return new Edits(List.of(new Edit<>(type, change, object -> true)));
    }

    /** Whether there is no change among them. */
    public boolean isNone() {
        return edits.isEmpty();
    }

    /** These changes, and then others. */
    public Edits and(Edits others) {
        List<Edit<?>> all = new ArrayList<>(edits);
        all.addAll(others.edits);
        return new Edits(all);
    }

    /** These changes in fewer objects. Where none is left they change nothing. */
    public Edits where(Predicate<? super HasMetadata> objects) {
        return new Edits(edits.stream().map(edit -> edit.where(objects)).toList());
    }

    /** The object as it is afterwards; it stays itself as it is. */
    public HasMetadata apply(HasMetadata object) {
        if (edits.isEmpty() || !(object instanceof Editable<?> editable)) {
            return object;
        }
        Object builder = editable.edit();
        edits.forEach(edit -> edit.apply(object, (Visitable<?>) builder));
        return (HasMetadata) ((Builder<?>) builder).build();
    }
}
