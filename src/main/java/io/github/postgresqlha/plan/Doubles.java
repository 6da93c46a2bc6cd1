package io.github.postgresqlha.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.spec.Violations;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Objects of one kind and name: the second would overwrite the first.
 *
 * @param home the installation's namespace, in which an object is that says none
 */
record Doubles(String home, Violations violations) {

    void check(List<Part> parts) {
        Set<String> names = new HashSet<>();
        parts.stream()
                .flatMap(part -> part.objects().stream())
                .forEach(object -> violations.require(
                        names.add(name(object)), "extraObjects", "holds a second " + name(object) + "; rename it"));
    }

    private String name(HasMetadata object) {
        String namespace = Objects.requireNonNullElse(object.getMetadata().getNamespace(), home);
        return object.getKind() + " " + namespace + "/" + object.getMetadata().getName();
    }
}
