package io.github.postgresqlha.edit;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.github.postgresqlha.annotation.Internal;
import io.github.postgresqlha.kubernetes.ObjectContent;
import io.github.postgresqlha.kubernetes.PodSpecs;
import io.github.postgresqlha.spec.ExtensionRules;
import io.github.postgresqlha.spec.Violations;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an edit may not do: take or change what the product needs, or add what would break it. */
@Internal
public final class EditRules {

    /** What tells the items of a list apart. */
    private static final List<String> IDENTITIES = List.of("mountPath", "name");

    private static final int LONGEST_VALUE = 60;

    private final String object;
    private final String kind;
    private final Violations violations;

    private EditRules(HasMetadata object, Violations violations) {
        this.object = object.getKind() + " " + object.getMetadata().getName();
        this.kind = object.getKind();
        this.violations = violations;
    }

    /** Compares an object before and after its edits. */
    public static void check(HasMetadata before, HasMetadata after, Violations violations) {
        EditRules rules = new EditRules(before, violations);
        rules.compare("", ObjectContent.of(before), ObjectContent.of(after));
        pod(after).ifPresent(rules::containerNames);
        pod(before).ifPresent(old -> pod(after).ifPresent(now -> rules.variables(old, now)));
    }

    private static Optional<PodSpec> pod(HasMetadata object) {
        return PodSpecs.template(object).map(PodTemplateSpec::getSpec);
    }

    private static Stream<Container> containers(PodSpec pod) {
        return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream());
    }

    /** Of the product's containers: those of one's own have whatever variables they like. */
    private void variables(PodSpec before, PodSpec after) {
        containers(before)
                .forEach(old -> containers(after)
                        .filter(now -> old.getName().equals(now.getName()))
                        .forEach(now -> variables(old, now)));
    }

    private void variables(Container before, Container after) {
        Set<String> names = before.getEnv().stream().map(EnvVar::getName).collect(Collectors.toSet());
        ExtensionRules.variables(
                object + ": containers[" + before.getName() + "].env",
                after.getEnv().stream()
                        .filter(variable -> !names.contains(variable.getName()))
                        .toList(),
                violations);
    }

    private void containerNames(PodSpec pod) {
        Set<String> names = new HashSet<>();
        containers(pod)
                .map(Container::getName)
                .forEach(name -> violations.require(
                        names.add(name),
                        object + ": containers[" + name + "]",
                        "stands twice in the pod; rename yours"));
    }

    private void compare(String path, @Nullable Object before, @Nullable Object after) {
        if (before instanceof Map<?, ?> old && after instanceof Map<?, ?> now) {
            compareMaps(path, old, now);
        } else if (before instanceof List<?> old && isOfMaps(old) && isOfMaps(items(after))) {
            compareMaps(path, byIdentity(old), byIdentity(items(after)));
        } else if (before == null) {
            require(!Protected.isForbidden(kind, path), path, "must not be set, got " + text(after));
        } else if (!before.equals(after)) {
            String got = after == null ? "nothing" : text(after);
            require(Protected.isFree(kind, path), path, "must stay " + text(before) + ", got " + got);
        }
    }

    private void compareMaps(String path, Map<?, ?> before, Map<?, ?> after) {
        before.forEach((key, value) -> compare(join(path, key), value, after.get(key)));
        after.forEach((key, value) -> {
            if (!before.containsKey(key)) {
                added(join(path, key), value);
            }
        });
        if (path.endsWith("volumeMounts")) {
            Mounts.overlaps(before.keySet(), after.keySet())
                    .forEach(mount ->
                            require(false, join(path, mount), "must not lie within another mount or around it"));
            Mounts.overPrograms(before.keySet(), after.keySet())
                    .forEach(mount ->
                            require(false, join(path, mount), "must not lie within a folder of programs or around it"));
        }
    }

    /** An addition may be forbidden by what it is, or by something below it; an item of a list is the user's own. */
    private void added(String path, @Nullable Object value) {
        if (value instanceof Map<?, ?> map && !path.endsWith("]") && !Protected.isForbidden(kind, path)) {
            map.forEach((key, below) -> added(join(path, key), below));
        } else {
            compare(path, null, value);
        }
    }

    private void require(boolean holds, String path, String message) {
        violations.require(
                holds, object + ": " + path, message + ": " + Protected.reason(kind, path) + "; leave it as it is");
    }

    private static boolean isOfMaps(List<?> items) {
        return items.stream().allMatch(Map.class::isInstance);
    }

    /** A list whose last item was taken is not there any more. */
    private static List<?> items(@Nullable Object list) {
        return list instanceof List<?> items ? items : List.of();
    }

    /** The items by what tells them apart; by their whole content where nothing does. */
    private static Map<String, Object> byIdentity(List<?> items) {
        Map<String, Object> result = new LinkedHashMap<>();
        for (Object item : items) {
            Map<?, ?> fields = (Map<?, ?>) item;
            String identity = IDENTITIES.stream()
                    .filter(fields::containsKey)
                    .map(key -> String.valueOf(fields.get(key)))
                    .findFirst()
                    .orElseGet(() -> text(item));
            while (result.containsKey("[" + identity + "]")) {
                identity += " again";
            }
            result.put("[" + identity + "]", item);
        }
        return result;
    }

    private static String join(String path, Object key) {
        String name = String.valueOf(key);
        return path.isEmpty() || name.startsWith("[") ? path + name : path + "." + name;
    }

    private static String text(@Nullable Object value) {
        String text = String.valueOf(value).replace("\n", "\\n");
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…";
    }
}
