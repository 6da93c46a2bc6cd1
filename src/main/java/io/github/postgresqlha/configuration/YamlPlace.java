package io.github.postgresqlha.configuration;

import io.github.postgresqlha.spec.Location;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a file says what a rule names by its path, as {@code roles[2].name}. */
final class YamlPlace {

    private static final Pattern STEP =
            Pattern.compile("(?<key>[^.\\[]*)(?:\\[(?<index>[0-9]{1,9})])?\\.?(?<rest>.*)", Pattern.DOTALL);

    private YamlPlace() {}

    /** The place of a key, or of an item that lacks the key; empty where the rule speaks of a default. */
    static Optional<Location> of(YamlNode.Mapping mapping, String path) {
        Optional<Location> whole = Optional.ofNullable(mapping.keys().get(path));
        Matcher step = STEP.matcher(path);
        if (whole.isPresent() || !step.matches()) {
            return whole; // such as that of a label, which has dots
        }
        String key = step.group("key");
        String rest = step.group("rest");
        YamlNode value = mapping.values().get(key);
        if (value instanceof YamlNode.Sequence list && step.group("index") != null) {
            return item(list, Integer.parseInt(step.group("index")), rest)
                    .or(() -> Optional.ofNullable(mapping.keys().get(key)));
        }
        return value instanceof YamlNode.Mapping below && path.length() > key.length()
                ? of(below, rest)
                : Optional.ofNullable(mapping.keys().get(key));
    }

    private static Optional<Location> item(YamlNode.Sequence list, int index, String rest) {
        if (index >= list.items().size()) {
            return Optional.empty();
        }
        YamlNode item = list.items().get(index);
        Optional<Location> within =
                item instanceof YamlNode.Mapping below && !rest.isEmpty() ? of(below, rest) : Optional.empty();
        return within.or(() -> Optional.of(item.location()));
    }
}
