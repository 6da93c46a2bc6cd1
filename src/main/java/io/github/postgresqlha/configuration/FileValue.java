package io.github.postgresqlha.configuration;

import java.util.Optional;
import java.util.regex.Pattern;

/** The default of a key as the file would have it. */
final class FileValue {

    /** What YAML takes as one word or several without quotes, and as nothing else. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9 ._/*-]|:(?! ))*");

    private FileValue() {}

    /** Empty for a section, and for a key that is absent by default. */
    static Optional<String> of(SpecKey key, Object values) {
        if (key.isOptional() || (SpecKey.isSpec(key.type()) && !key.isList())) {
            return Optional.empty();
        }
        if (key.isList()) {
            return Optional.of("[]");
        }
        return Optional.of(key.isMap() ? "{}" : written(key.valueOf(values).toString()));
    }

    private static String written(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "''") + "'";
    }
}
