package io.github.postgresqlha.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a change of a key reaches in an installation that runs: a word in {@code keys.txt}. */
public enum Effect {
    /** The pod of the member named primary gets another template. */
    PRIMARY,
    /** The pods of the members named standby do. */
    STANDBY,
    /** The pod of the WAL archiver does, or it comes or goes. */
    ARCHIVER,
    /** The pods of the pooler get another template, or come or go. */
    POOLER,
    /** PostgreSQL's or Patroni's files change, and running servers take over all of it. */
    RELOAD,
    /** Jobs get another schedule or another template, or come or go. */
    JOBS,
    /** Only an installation that has no data looks at it. */
    DATA,
    /** Kubernetes refuses the change of a claim that is there. */
    CLAIM,
    /** Objects get other names: that is another installation. */
    NAMES;

    /** What restarts, as a person reads it. */
    static String restarts(Set<Effect> effects) {
        if (effects.contains(NAMES)) {
            return "a new installation: other names make one, and the old one goes on beside it";
        }
        if (effects.contains(CLAIM)) {
            return "a new installation: Kubernetes refuses the change for a volume that is there";
        }
        List<String> words = new ArrayList<>(pods(effects));
        if (words.isEmpty()) {
            words.add("nothing");
        }
        if (effects.contains(RELOAD)) {
            words.add("running servers take it over");
        }
        if (effects.contains(JOBS)) {
            words.add("the jobs have it from their next run on");
        }
        if (effects.contains(DATA)) {
            words.add("but it needs a new installation: data that are there stay as they are");
        }
        return String.join("; ", words);
    }

    private static List<String> pods(Set<Effect> effects) {
        List<String> pods = new ArrayList<>();
        if (effects.contains(PRIMARY) && effects.contains(STANDBY)) {
            pods.add("all members, one after another");
        } else if (effects.contains(PRIMARY)) {
            pods.add("the member named primary");
        } else if (effects.contains(STANDBY)) {
            pods.add("the members named standby");
        }
        if (effects.contains(ARCHIVER)) {
            pods.add("the WAL archiver");
        }
        if (effects.contains(POOLER)) {
            pods.add("the pooler's pods, one after another");
        }
        return pods;
    }
}
