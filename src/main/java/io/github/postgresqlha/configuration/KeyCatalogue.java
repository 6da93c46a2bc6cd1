package io.github.postgresqlha.configuration;

import io.github.postgresqlha.spec.NearestKey;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every key that the file may have, from the typed keys themselves; what no type says of them is in {@code keys.txt}. */
public final class KeyCatalogue {

    private static final List<ExplainedKey> ALL = collected();

    private final Map<String, KeyNote> notes = KeyNote.all();
    private final List<ExplainedKey> keys = new ArrayList<>();

    private KeyCatalogue() {}

    /** All keys, sorted by name within each section, a section before what it holds. */
    public static List<ExplainedKey> all() {
        return ALL;
    }

    private static List<ExplainedKey> collected() {
        KeyCatalogue catalogue = new KeyCatalogue();
        catalogue.add(PostgresqlHaSpec.class, PostgresqlHaSpec.builder().build(), "");
        return List.copyOf(catalogue.keys);
    }

    /** The key of a path; the number of an item in a list may stand in it, or be left out. */
    public static Optional<ExplainedKey> find(String path) {
        List<String> wanted = List.of(plain(path), ParameterKeys.typed(path));
        return all().stream()
                .filter(key -> wanted.contains(plain(key.path())))
                .findFirst()
                .or(() -> ParameterKeys.find(path));
    }

    /** The keys that somebody who typed another one may have meant: those of that last word, or else the nearest. */
    public static List<String> near(String typed) {
        List<String> paths = all().stream().map(ExplainedKey::path).toList();
        String end = "." + typed.toLowerCase(Locale.ROOT);
        List<String> named = paths.stream()
                .filter(path -> path.toLowerCase(Locale.ROOT).endsWith(end))
                .toList();
        return named.isEmpty() ? NearestKey.of(typed, paths).stream().toList() : named;
    }

    private static String plain(String path) {
        return path.replaceAll("\\[[0-9]*]", "");
    }

    /** Adds the keys of a specification's type, whose values are the defaults. */
    private void add(Class<?> type, Object values, String prefix) {
        for (SpecKey key : SpecKey.of(type)) {
            String path = prefix + key.name();
            int place = keys.size();
            if (SpecKey.isSpec(key.type())) {
                boolean isThere = !key.isOptional() && !key.isList() && !Defaults.lack(key, values);
                Object nested = isThere ? key.valueOf(values) : Defaults.of(key.type());
                add(key.type(), nested, path + (key.isList() ? "[]." : "."));
            }
            keys.add(place, explained(path, key, values, keys.subList(place, keys.size())));
        }
    }

    private ExplainedKey explained(String path, SpecKey key, Object values, List<ExplainedKey> below) {
        Optional<KeyNote> note = Optional.ofNullable(notes.get(path));
        Set<Effect> effects = EnumSet.noneOf(Effect.class);
        note.ifPresent(known -> effects.addAll(known.effects()));
        below.forEach(nested -> effects.addAll(nested.effects()));
        boolean isRequired = Defaults.lack(key, values);
        return new ExplainedKey(
                path,
                key.description(),
                TypeWords.of(key),
                isRequired ? Optional.empty() : FileValue.of(key, values),
                isRequired,
                SpecKey.isSpec(key.type()),
                note.flatMap(KeyNote::range),
                note.map(KeyNote::example),
                note.flatMap(KeyNote::beside),
                effects);
    }
}
