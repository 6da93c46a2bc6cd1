package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known key that somebody who typed another one most likely meant. */
@Internal
public final class NearestKey {

    /** Of a longer one nobody could say what it was meant to be. */
    private static final int LONGEST = 64;

    private NearestKey() {}

    /** The nearest one, unless none is near. */
    public static Optional<String> of(String typed, Collection<String> known) {
        if (typed.length() > LONGEST) {
            return Optional.empty();
        }
        int most = Math.max(2, typed.length() / 2);
        return known.stream()
                .filter(key -> Math.abs(key.length() - typed.length()) <= most)
                .map(key -> new Candidate(key, distance(typed, key), beginning(typed, key)))
                .filter(candidate -> candidate.distance() <= most)
                .min(Comparator.comparingInt(Candidate::distance).thenComparing(candidate -> -candidate.beginning()))
                .map(Candidate::key);
    }

    /** A key, how far it is, and how much of its beginning is the same. */
    private record Candidate(String key, int distance, int beginning) {}

    /** How many characters both begin with: of two that are equally near, people mean the one that begins alike. */
    private static int beginning(String typed, String known) {
        int length = 0;
        while (length < Math.min(typed.length(), known.length()) && typed.charAt(length) == known.charAt(length)) {
            length++;
        }
        return length;
    }

    /** Levenshtein's distance, upper and lower case alike; two neighbours that changed places are one mistake. */
    private static int distance(String typed, String known) {
        String a = typed.toLowerCase(Locale.ROOT);
        String b = known.toLowerCase(Locale.ROOT);
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                steps[i][j] = i == 0 || j == 0 ? i + j : step(steps, a, b, i, j);
            }
        }
        return steps[a.length()][b.length()];
    }

    private static int step(int[][] steps, String a, String b, int i, int j) {
        int change = steps[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(change, Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
        boolean exchanged = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return exchanged ? Math.min(least, steps[i - 2][j - 2] + 1) : least;
    }
}
