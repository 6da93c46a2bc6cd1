package io.github.postgresqlha.configuration;

import io.github.postgresqlha.postgresql.KnownParameter;
import io.github.postgresqlha.postgresql.OwnedParameters;
import io.github.postgresqlha.postgresql.ParameterCatalogue;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The keys below {@code configuration.parameters}: PostgreSQL's own names, of which the product's catalogue knows what restarts a server. */
final class ParameterKeys {

    private static final String SECTION = "configuration.parameters.";

    private static final Pattern WORD = Pattern.compile("_([a-z])");

    private static final Set<Effect> RESTART = EnumSet.of(Effect.PRIMARY, Effect.STANDBY);
    private static final Set<Effect> RELOAD = EnumSet.of(Effect.RELOAD);

    private ParameterKeys() {}

    /** Whether a key is that which holds them: what its change restarts is said of each. */
    static boolean areIn(String path) {
        return SECTION.equals(path + ".");
    }

    /** The key that a parameter has of its own, if it has one: {@code configuration.workMem}. */
    static String typed(String path) {
        return "configuration."
                + WORD.matcher(name(path)).replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT));
    }

    /** Empty for another key, and for a name that no major knows. */
    static Optional<ExplainedKey> find(String path) {
        String name = name(path);
        return ParameterCatalogue.find(name).map(known -> explained(path, meaning(name, known), effects(name)));
    }

    private static String name(String path) {
        return path.startsWith(SECTION) ? path.substring(SECTION.length()) : "";
    }

    private static String meaning(String name, KnownParameter known) {
        String majors = known.majors() + (known.first() == known.last() ? " has" : " have");
        return "PostgreSQL's parameter " + name + ", which " + majors
                + (OwnedParameters.contains(name) ? "; the product sets it itself, so it is refused here" : "");
    }

    private static Set<Effect> effects(String name) {
        return ParameterCatalogue.needsRestart(name) ? RESTART : RELOAD;
    }

    private static ExplainedKey explained(String path, String meaning, Set<Effect> effects) {
        return new ExplainedKey(
                path,
                meaning,
                "text, as postgresql.conf has it",
                Optional.empty(),
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                effects);
    }
}
