package io.github.postgresqlha.configuration;

import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.spec.Location;
import io.github.postgresqlha.spec.NearestKey;
import io.github.postgresqlha.spec.Violation;
import io.github.postgresqlha.spec.Violations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Fills specifications from YAML nodes: all keys by reflection, so that a new accessor is a new key. Finds everything that is wrong. */
final class SpecReader {

    /** Of so many unknown keys in one place nobody has mistyped each; to look for the nearest ones would take minutes. */
    private static final int MANY = 100;

    private final Violations violations;

    SpecReader(Violations violations) {
        this.violations = violations;
    }

    /**
     * The specification that a node describes; empty where something is wrong, which is then among the violations.
     *
     * @param fallback gives the values of keys that the node leaves out; empty where the type's own defaults do
     */
    <T> Optional<T> read(YamlNode node, Class<T> type, String path, Optional<?> fallback) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            return noMapping(node, path);
        }
        SpecBuilder<T> builder = SpecBuilder.of(type);
        List<SpecKey> keys = SpecKey.of(type);
        boolean complete = refuseUnknown(mapping, keys, path);
        for (SpecKey key : keys) {
            YamlNode value = mapping.values().get(key.name());
            Optional<?> read = value == null
                    ? Optional.empty()
                    : value(value, key, join(path, key.name()), nestedFallback(type, key, fallback));
            complete &= value == null || read.isPresent();
            // In place of a refused value the default serves the check of the others.
            read.<Object>map(present -> present)
                    .or(() -> fallback.flatMap(around -> differing(type, key, around)))
                    .ifPresent(present -> builder.set(key, present));
        }
        Optional<T> built = build(builder, path, mapping, complete);
        return complete ? built : Optional.empty();
    }

    private boolean refuseUnknown(YamlNode.Mapping mapping, List<SpecKey> keys, String path) {
        List<String> known = keys.stream().map(SpecKey::name).toList();
        boolean allKnown = true;
        boolean many = mapping.keys().size() > known.size() + MANY;
        for (Map.Entry<String, Location> typed : mapping.keys().entrySet()) {
            if (!known.contains(typed.getKey())) {
                allKnown = false;
                String remedy = NearestKey.of(typed.getKey(), many ? List.of() : known)
                        .map(nearest -> "did you mean '" + nearest + "'?")
                        .orElse("known here: " + String.join(", ", known));
                refuse(join(path, typed.getKey()), typed.getValue(), "is an unknown key; " + remedy);
            }
        }
        return allKnown;
    }

    private Optional<?> value(YamlNode node, SpecKey key, String path, Optional<?> fallback) {
        if (key.isList()) {
            return list(node, key, path);
        }
        return key.isMap() ? map(node, key, path) : single(node, key, path, fallback);
    }

    private Optional<?> single(YamlNode node, SpecKey key, String path, Optional<?> fallback) {
        if (KubernetesTypes.contain(key.type())) {
            return node instanceof YamlNode.Mapping
                    ? accepted(path, node, () -> KubernetesTypes.read(key.type(), node))
                    : noMapping(node, path);
        }
        return SpecKey.isSpec(key.type()) ? read(node, key.type(), path, fallback) : scalar(node, key.type(), path);
    }

    private Optional<List<Object>> list(YamlNode node, SpecKey key, String path) {
        if (!key.word().isEmpty()
                && node instanceof YamlNode.Scalar scalar
                && key.word().equals(scalar.text())) {
            return Optional.of(List.of(key.word()));
        }
        if (!(node instanceof YamlNode.Sequence sequence)) {
            String instead = key.word().isEmpty() ? "" : key.word() + " or ";
            refuse(
                    path,
                    node.location(),
                    "must be " + instead + "a list, got " + node.kind() + "; begin each item with a dash");
            return Optional.empty();
        }
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            String itemPath = path + "[" + i + "]";
            YamlNode item = sequence.items().get(i);
            single(item, key, itemPath, Optional.empty()).ifPresent(items::add);
        }
        return items.size() == sequence.items().size() ? Optional.of(items) : Optional.empty();
    }

    private Optional<Map<String, Object>> map(YamlNode node, SpecKey key, String path) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            return noMapping(node, path);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        mapping.values()
                .forEach((name, value) ->
                        scalar(value, key.valueType(), join(path, name)).ifPresent(read -> values.put(name, read)));
        return values.size() == mapping.values().size() ? Optional.of(values) : Optional.empty();
    }

    private Optional<Object> scalar(YamlNode node, Class<?> type, String path) {
        if (!(node instanceof YamlNode.Scalar scalar) || scalar.isNull()) {
            refuse(
                    path,
                    node.location(),
                    "must be a single value, got " + node.kind() + "; write one or remove the key");
            return Optional.empty();
        }
        return accepted(path, node, () -> ScalarTypes.read(type, scalar.text()));
    }

    private Optional<Object> accepted(String path, YamlNode node, Supplier<Object> value) {
        try {
            return Optional.of(value.get());
        } catch (IllegalArgumentException refused) {
            refuse(path, node.location(), String.valueOf(refused.getMessage()));
            return Optional.empty();
        }
    }

    private <T> Optional<T> build(SpecBuilder<T> builder, String path, YamlNode.Mapping mapping, boolean complete) {
        try {
            return Optional.of(builder.build());
        } catch (InvalidSpecException invalid) {
            for (Violation violation : invalid.violations()) {
                if (!complete && violation.path().isEmpty()) {
                    continue; // a required value that was refused is missing here: said already
                }
                Optional<Location> location = violation.path().isEmpty()
                        ? Optional.of(mapping.location())
                        : YamlPlace.of(mapping, violation.path());
                violations.add(new Violation(join(path, violation.path()), violation.message(), location));
            }
            return Optional.empty();
        }
    }

    /** What the parent gives a key, where it is not what the key has by itself: that may follow another key, which the node gives. */
    private static Optional<Object> differing(Class<?> type, SpecKey key, Object around) {
        Object given = key.valueOf(around);
        Object own = Defaults.of(type);
        return !Defaults.lack(key, own) && key.valueOf(own).equals(given) ? Optional.empty() : Optional.of(given);
    }

    /** The default that the parent gives a key, so that setting one value below it keeps the others. */
    private static Optional<?> nestedFallback(Class<?> parent, SpecKey key, Optional<?> parentFallback) {
        if (!SpecKey.isSpec(key.type()) || key.isList() || key.isOptional()) {
            return Optional.empty();
        }
        if (parentFallback.isPresent()) {
            return parentFallback.map(key::valueOf);
        }
        Object defaults = Defaults.of(parent);
        return Defaults.lack(key, defaults) ? Optional.empty() : Optional.of(key.valueOf(defaults));
    }

    private <T> Optional<T> noMapping(YamlNode node, String path) {
        String got = path.isEmpty() ? node.kindOfFile() : node.kind();
        refuse(path, node.location(), "must be keys and values, got " + got + "; write it as key: value lines");
        return Optional.empty();
    }

    private void refuse(String path, Location location, String message) {
        violations.add(new Violation(path, message, Optional.of(location)));
    }

    private static String join(String path, String key) {
        return path.isEmpty() || key.isEmpty() ? path + key : path + "." + key;
    }
}
