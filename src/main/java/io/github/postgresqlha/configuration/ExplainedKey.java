package io.github.postgresqlha.configuration;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * One key of the file, as people read about it.
 *
 * @param path the key, as {@code backup.schedule}; an item of a list has {@code []} behind the list's name
 * @param meaning what it means, a sentence without its end
 * @param type what its value is
 * @param initial its default as the file would have it; empty where it has none
 * @param isRequired whether it must be given where the keys around it are
 * @param isSection whether it holds further keys of the specification
 * @param range the least and the most; empty where the type alone says what is allowed
 * @param example another value; empty for a section that is always there
 * @param beside what else the file has to say for the example to be allowed and to do something; empty where nothing
 * @param effects what a change of it reaches
 */
public record ExplainedKey(
        String path,
        String meaning,
        String type,
        Optional<String> initial,
        boolean isRequired,
        boolean isSection,
        Optional<String> range,
        Optional<String> example,
        Optional<String> beside,
        Set<Effect> effects) {

    public ExplainedKey {
        Set<Effect> ordered = EnumSet.noneOf(Effect.class);
        ordered.addAll(effects);
        effects = Collections.unmodifiableSet(ordered);
    }

    /** Its last word. */
    public String name() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** The keys around it, from the outermost; empty for one that stands at the top. */
    public Optional<String> parent() {
        int end = path.lastIndexOf('.');
        return end < 0 ? Optional.empty() : Optional.of(path.substring(0, end).replaceAll("\\[]$", ""));
    }

    /** What restarts where it changes, as a person reads it. */
    public String restarts() {
        return ParameterKeys.areIn(path)
                ? "by parameter: pgha explain " + path + ".shared_preload_libraries, and the like"
                : Effect.restarts(effects);
    }
}
