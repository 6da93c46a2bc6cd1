package io.github.postgresqlha.metrics;

import io.github.postgresqlha.installation.Installation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What an installation has, by the names that the models use. */
record Conditions(Set<String> met) {

    static Conditions of(Installation installation) {
        int standbys = installation.standbys().size();
        Set<String> met = new HashSet<>();
        add(met, "standby", standbys > 0);
        add(met, "severalStandbys", standbys > 1);
        add(met, "slots", standbys > 0 || installation.archivesWal());
        add(met, "synchronous", installation.durability().isPresent());
        add(met, "tls", installation.hasTls());
        add(met, "automatic", installation.isAutomatic());
        add(met, "walArchive", installation.archivesWal());
        add(met, "baseBackups", installation.takesBaseBackups());
        add(met, "restoreTest", installation.spec().backup().restoreTest().enabled());
        add(met, "offsite", installation.spec().backup().offsite().isPresent());
        return new Conditions(Set.copyOf(met));
    }

    private static void add(Set<String> met, String name, boolean isMet) {
        if (isMet) {
            met.add(name);
        }
    }

    boolean allow(List<String> when) {
        return met.containsAll(when);
    }
}
