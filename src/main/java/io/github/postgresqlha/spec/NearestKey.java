package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known key that somebody who typed another one most likely meant. */
@Internal
public final class NearestKey {

    private NearestKey() {}

    /** The nearest one, unless none is near. */
    public static Optional<String> of(String typed, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(key -> distance(typed, key)))
                .filter(key -> distance(typed, key) <= Math.max(2, typed.length() / 2));
    }

    /** Levenshtein's distance, upper and lower case alike. */
    private static int distance(String typed, String known) {
        String a = typed.toLowerCase(Locale.ROOT);
        String b = known.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
